import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { buildContract } from '../build/build-contract.ts';
import { type LooseDocument, parseContract } from './contract.ts';
import { copyContract } from './copy-contract.ts';
import { findBadExamples } from './examples.ts';
import { facts, PATH } from './wire-facts.ts';

const operation = (contract: LooseDocument): LooseDocument => contract.paths[PATH].delete;

/** One defect each, and a gate that must turn red: a fact's number, `examples`, or a lint rule. */
const mutations: [string, string, (contract: LooseDocument) => void][] = [
  ['an id one character longer', 'W3', ({ components: c }) => (c.schemas.SessionId.maxLength = 37)],
  ['an id that may be empty', 'W2', ({ components: c }) => (c.schemas.WorkspaceId.minLength = 0)],
  [
    'an underscore allowed in an id',
    'W3',
    ({ components: c }) => (c.schemas.SessionId.pattern = '^[A-Za-z0-9_-]+$'),
  ],
  [
    'an unanchored pattern',
    'contract/path-parameter-limits',
    ({ components: c }) => (c.schemas.SessionId.pattern = '[A-Za-z0-9-]+'),
  ],
  [
    'a pattern anchored at one end only',
    'contract/path-parameter-limits',
    ({ components: c }) => (c.schemas.WorkspaceId.pattern = '^[A-Za-z0-9-]+'),
  ],
  [
    'an id without a rule',
    'contract/path-parameter-limits',
    ({ components: c }) => delete c.schemas.SessionId.pattern,
  ],
  [
    'a path parameter that nobody declares',
    'contract/supported-keywords',
    (contract) => operation(contract).parameters.splice(1, 1),
  ],
  ['no 403', 'W8', (contract) => delete operation(contract).responses['403']],
  ['no 408', 'W9', (contract) => delete operation(contract).responses['408']],
  [
    'the 503 of a gateway',
    'D10',
    (contract) =>
      (operation(contract).responses['503'] = { $ref: '#/components/responses/RequestTimeout' }),
  ],
  [
    '403 in the shape of the others',
    'D1',
    ({ components: c }) =>
      (c.responses.Forbidden.content['application/json'].schema.$ref =
        '#/components/schemas/Error'),
  ],
  [
    '404 in the shape of 403',
    'D1',
    ({ components: c }) =>
      (c.responses.NotFound.content['application/json'].schema.$ref =
        '#/components/schemas/ForbiddenError'),
  ],
  [
    'a string where 403 has an integer',
    'examples',
    ({ components: c }) => (c.schemas.ForbiddenError.properties.error_code.type = 'string'),
  ],
  [
    'a payload changed',
    'W10',
    ({ components: c }) => (c.examples.NotFound.value.error_msg = 'no such session'),
  ],
  [
    'a payload too short for its schema',
    'no-invalid-media-type-examples',
    ({ components: c }) => (c.examples.Unauthorized.value.error_code = 'APIG.1'),
  ],
  [
    'an error without an example',
    'rule/error-has-named-example',
    ({ components: c }) => delete c.responses.NotFound.content['application/json'].examples,
  ],
  [
    'a retry that is not a text',
    'contract/response-extensions',
    ({ components: c }) => (c.responses.NotFound['x-retry'] = false),
  ],
  [
    'a cookie',
    'contract/supported-keywords',
    ({ components: c }) => (c.securitySchemes.TenantToken.in = 'cookie'),
  ],
  ['a required field dropped', 'D2', ({ components: c }) => c.schemas.Error.required.pop()],
  [
    'solution_msg required',
    'D2',
    ({ components: c }) => c.schemas.Error.required.push('solution_msg'),
  ],
  [
    'error objects closed to new fields',
    'D2',
    ({ components: c }) => (c.schemas.Error.additionalProperties = false),
  ],
  [
    'a list of error codes',
    'D6',
    ({ components: c }) =>
      (c.schemas.Error.properties.error_code.enum = [
        'common.01000001',
        'APIG.1002',
        'common.00000408',
        'common.00000500',
      ]),
  ],
  [
    'a limit of error_code off by one',
    'W7',
    ({ components: c }) => (c.schemas.Error.properties.error_code.minLength = 9),
  ],
  [
    'a limit of error_msg off by one',
    'W7',
    ({ components: c }) => (c.schemas.Error.properties.error_msg.maxLength = 4095),
  ],
  ['the body removed', 'W5', (contract) => delete operation(contract).requestBody],
  [
    'the body made mandatory',
    'D3',
    ({ components: c }) => (c.requestBodies.EmptyObject.required = true),
  ],
  ['a body with members', 'D3', ({ components: c }) => (c.schemas.EmptyObject.maxProperties = 1)],
  [
    '200 with content',
    'W6',
    ({ components: c }) =>
      (c.responses.Closed.content = {
        'application/json': { schema: { $ref: '#/components/schemas/EmptyObject' } },
      }),
  ],
  [
    '204 instead of 200',
    'D5',
    (contract) => {
      const { responses } = operation(contract);
      responses['204'] = responses['200'];
      delete responses['200'];
    },
  ],
  ['the token made mandatory', 'D4', (contract) => (contract.security = [{ TenantToken: [] }])],
  [
    'the token under another header',
    'D4',
    ({ components: c }) => (c.securitySchemes.TenantToken.name = 'Authorization'),
  ],
  [
    'an operationId in snake case',
    'rule/operation-id-verb-noun',
    (contract) => (operation(contract).operationId = 'close_session'),
  ],
  [
    'another method',
    'W1',
    ({ paths }) => {
      const item = paths[PATH];
      item.post = item.delete;
      delete item.delete;
    },
  ],
  [
    'an invented host',
    'D9',
    (contract) => (contract.servers = [{ url: 'https://sql.example.org' }]),
  ],
  [
    'a component that nothing uses',
    'no-unused-components',
    ({ components: c }) => (c.schemas.Unused = { type: 'string' }),
  ],
];

test('the contract as it is passes every gate', async () => {
  expect(await redGates(parseContract())).toEqual([]);
});

test.each(mutations)('%s turns %s red', async (_name, gate, mutate) => {
  const contract = parseContract();
  mutate(contract);
  expect(await redGates(contract)).toContain(gate);
});

/** Runs every gate over a contract and names those that are red. */
async function redGates(contract: LooseDocument): Promise<string[]> {
  await using folder = await copyContract();
  await writeFile(join(folder.path, 'sessions.yaml'), stringify(contract));
  const built = await buildContract(folder.path);
  const lintRules = built.ok
    ? []
    : [...built.report.matchAll(/by the (\S+) rule/g)].map(([, rule]) => rule ?? '');
  const red = facts.filter(({ check }) => {
    try {
      check(contract);
      return false;
    } catch {
      return true;
    }
  });
  return [
    ...new Set([
      ...lintRules,
      ...red.map(({ id }) => id),
      ...(findBadExamples(contract).wrong.length > 0 ? ['examples'] : []),
    ]),
  ];
}
