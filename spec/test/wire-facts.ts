import { expect } from 'vitest';
import { dereference, type LooseDocument } from './contract.ts';

export const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

export interface Fact {
  /** The fact's number in docs/decisions/README.md: W from the reference page, D decided here. */
  id: string;
  statement: string;
  /** Throws if the contract does not say it. */
  check(contract: LooseDocument): void;
}

/** The payloads of the reference page, as JSON text. */
export const payloads: Record<string, string> = {
  '400':
    '{"error_code":"common.01000001","error_msg":"failed to read http request, please check your input, code: 400, reason: Type mismatch., cause: TypeMismatchException"}',
  '401': '{"error_code":"APIG.1002","error_msg":"Incorrect token or token resolution failed"}',
  '403':
    '{"error":{"code":"403","message":"X-Auth-Token is invalid in the request","title":"Forbidden"},"error_code":403,"error_msg":"X-Auth-Token is invalid in the request","title":"Forbidden"}',
  '404': '{"error_code":"common.01000001","error_msg":"response status exception, code: 404"}',
  '408': '{"error_code":"common.00000408","error_msg":"timeout exception occurred"}',
  '500': '{"error_code":"common.00000500","error_msg":"internal error"}',
};

const reasons: Record<string, string> = {
  '200': 'OK',
  '400': 'BadRequest',
  '401': 'Unauthorized',
  '403': 'Forbidden',
  '404': 'NotFound',
  '408': 'Request Time-out',
  '500': 'InternalServerError',
};

const commonErrors = ['400', '401', '404', '408', '500'];

export const facts: Fact[] = [
  {
    id: 'W1',
    statement: 'one synchronous operation, DELETE on the path of a session',
    check(contract) {
      expect(Object.keys(contract.paths)).toContain(PATH);
      expect(Object.keys(contract.paths[PATH] ?? {})).toContain('delete');
      expect(operationOf(contract).operationId).toBe('closeSession');
    },
  },
  idFact('W2', 'workspace_id'),
  idFact('W3', 'session_id'),
  {
    id: 'W4',
    statement: 'X-Auth-Token is a request header that is not mandatory',
    check(contract) {
      expect(securityOf(contract)).toContainEqual({});
    },
  },
  {
    id: 'W5',
    statement: "the page's example request, with { } as its body, keeps the contract",
    check(contract) {
      const body = operationOf(contract).requestBody;
      const media = body.content['application/json'];
      expect(
        Object.values(media.examples).map((example) => (example as { value: unknown }).value),
      ).toEqual([{}]);
      expect(media.schema.type).toBe('object');
      expect(media.schema.required ?? []).toEqual([]);
    },
  },
  {
    id: 'W6',
    statement: '200 lists no fields',
    check(contract) {
      expect(operationOf(contract).responses['200'].content).toBeUndefined();
    },
  },
  {
    id: 'W7',
    statement:
      '400, 401, 404, 408 and 500 have error_code, error_msg and solution_msg with their lengths',
    check(contract) {
      const { responses } = operationOf(contract);
      for (const status of commonErrors) {
        const { properties } = responses[status].content['application/json'].schema;
        expect(properties.error_code).toMatchObject({
          type: 'string',
          minLength: 8,
          maxLength: 36,
        });
        for (const name of ['error_msg', 'solution_msg']) {
          expect(properties[name]).toMatchObject({ type: 'string', minLength: 2, maxLength: 4096 });
        }
      }
    },
  },
  {
    id: 'W8',
    statement: '403 is documented',
    check(contract) {
      expect(
        operationOf(contract).responses['403'].content['application/json'].schema,
      ).toBeDefined();
    },
  },
  {
    id: 'W9',
    statement: 'the seven statuses of the page are there, each with its reason phrase',
    check(contract) {
      const { responses } = operationOf(contract);
      for (const [status, reason] of Object.entries(reasons)) {
        const { description, 'x-reason-phrase': phrase } = responses[status];
        // The first release has it in front of the description.
        expect(phrase ?? description.split(':')[0]).toBe(reason);
      }
    },
  },
  {
    id: 'W10',
    statement: 'the payload of the page is a named example of every error status',
    check(contract) {
      for (const [status, payload] of Object.entries(payloads)) {
        const { examples } = operationOf(contract).responses[status].content['application/json'];
        expect(
          Object.values(examples).map((example) =>
            JSON.stringify((example as { value: unknown }).value),
          ),
        ).toContain(payload);
      }
    },
  },
  {
    id: 'D1',
    statement:
      '403 has its own schema, in the shape of its example: an integer error_code and a nested error',
    check(contract) {
      const { responses } = operationOf(contract, false);
      const shared = (contract.components as { responses: Record<string, LooseDocument> })
        .responses;
      for (const status of Object.keys(payloads)) {
        const name = responses[status].$ref.split('/').at(-1) ?? '';
        expect(shared[name]?.content['application/json'].schema.$ref, status).toBe(
          `#/components/schemas/${status === '403' ? 'ForbiddenError' : 'Error'}`,
        );
      }
      expect(dereference(contract).components.schemas.ForbiddenError).toMatchObject({
        required: ['error', 'error_code', 'error_msg', 'title'],
        properties: {
          error: {
            required: ['code', 'message', 'title'],
            properties: {
              code: { type: 'string' },
              message: { type: 'string' },
              title: { type: 'string' },
            },
          },
          error_code: { type: 'integer' },
          error_msg: { type: 'string' },
          title: { type: 'string' },
        },
      });
    },
  },
  {
    id: 'D2',
    statement: 'error_code and error_msg are required, solution_msg is not, and objects stay open',
    check(contract) {
      const { Error: common, ForbiddenError: forbidden } = dereference(contract).components.schemas;
      expect(common.required).toEqual(['error_code', 'error_msg']);
      for (const schema of [common, forbidden, forbidden.properties.error]) {
        expect(schema.additionalProperties ?? true).toBe(true);
        expect(schema.unevaluatedProperties ?? true).toBe(true);
      }
    },
  },
  {
    id: 'D3',
    statement: 'the body is optional JSON, and an object without members',
    check(contract) {
      const body = operationOf(contract).requestBody;
      expect(body.required ?? false).toBe(false);
      expect(Object.keys(body.content)).toEqual(['application/json']);
      expect(body.content['application/json'].schema).toMatchObject({
        type: 'object',
        maxProperties: 0,
      });
    },
  },
  {
    id: 'D4',
    statement: 'security is the tenant token or nothing; the header is an apiKey and no parameter',
    check(contract) {
      expect(securityOf(contract)).toEqual([{ TenantToken: [] }, {}]);
      const { securitySchemes } = contract.components as {
        securitySchemes: Record<string, object>;
      };
      expect(securitySchemes.TenantToken).toMatchObject({
        type: 'apiKey',
        in: 'header',
        name: 'X-Auth-Token',
      });
      for (const { name } of operationOf(contract).parameters)
        expect(name).not.toMatch(/^x-auth-token$/i);
    },
  },
  {
    id: 'D5',
    statement: '200 is the only documented success',
    check(contract) {
      const statuses = Object.keys(operationOf(contract).responses);
      expect(statuses.filter((status) => status < '400')).toEqual(['200']);
    },
  },
  {
    id: 'D6',
    statement: 'error_code is an open string, shared by 400 and 404',
    check(contract) {
      const { error_code } = dereference(contract).components.schemas.Error.properties;
      expect(error_code.enum).toBeUndefined();
      expect(error_code.const).toBeUndefined();
      expect(error_code.pattern).toBeUndefined();
    },
  },
  {
    id: 'D7',
    statement:
      'the contract says in words that closing twice is not documented, and what to accept',
    check(contract) {
      const words = flat(operationOf(contract).description);
      expect(words).toMatch(/(already closed|closed already) is not documented/);
      expect(words).toMatch(/accept both 200 and 404/i);
    },
  },
  {
    id: 'D8',
    statement:
      'the contract says in words that a retry after 408 is safe and what a 404 to it means',
    check(contract) {
      expect(flat(operationOf(contract).description)).toMatch(
        /404 [a-z ]+ such a (retry|repeat) means that the session is gone/,
      );
      const { description, ...timeout } = operationOf(contract).responses['408'];
      const words = flat([description, timeout['x-outcome'], timeout['x-retry']].join(' '));
      expect(words).toMatch(/unknown|not known/i);
      expect(words).toMatch(/every `DELETE` is|that is safe/);
    },
  },
  {
    id: 'D9',
    statement: 'the host is a server variable, as the page prints it',
    check(contract) {
      const { servers } = contract as unknown as { servers: object[] };
      expect(servers).toMatchObject([
        { url: 'https://{endpoint}', variables: { endpoint: { default: 'endpoint' } } },
      ]);
    },
  },
  {
    id: 'D10',
    statement: 'what only gateways send is not in the contract, which says so',
    check(contract) {
      const { info } = contract as unknown as { info: { description: string } };
      expect(flat(info.description)).toMatch(/429, 502, 503, 504/);
      const documented = Object.keys(operationOf(contract).responses);
      expect(documented.filter((status) => /^(502|503|504|5XX|default)$/.test(status))).toEqual([]);
    },
  },
];

function idFact(id: string, name: string): Fact {
  return {
    id,
    statement: `${name} is a mandatory path parameter of 1 to 36 letters, digits or hyphens`,
    check(contract) {
      const parameter = operationOf(contract).parameters.find(
        (each: { name: string }) => each.name === name,
      );
      expect(parameter).toMatchObject({
        in: 'path',
        required: true,
        schema: { type: 'string', minLength: 1, maxLength: 36, pattern: '^[A-Za-z0-9-]+$' },
      });
    },
  };
}

function operationOf(contract: LooseDocument, dereferenced = true): LooseDocument {
  const document = dereferenced ? dereference(contract) : contract;
  return document.paths[PATH].delete;
}

function securityOf(contract: LooseDocument): object[] {
  return operationOf(contract).security ?? contract.security ?? [];
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}
