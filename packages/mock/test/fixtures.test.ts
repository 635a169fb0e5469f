import type { Contract, Operation } from '@sql-sessions/contract/model';
import { readContract, responseFor } from '@sql-sessions/contract/model';
import { type Mock, startMock } from '@sql-sessions/mock';
import {
  type FixtureName,
  readFixture,
  readRenamedFixture,
  writeContract,
} from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultStatus } from '../src/contract/engine.ts';
import { exampleRequest } from '../src/contract/example-request.ts';
import { prepareContract } from '../src/contract/load-contract.ts';
import { createContentSource } from '../src/contract/make-content.ts';
import { createHandlers } from '../src/msw/handlers.ts';
import { makeResponseTable } from '../src/msw/response-table.ts';

const API = 'http://api.example';

const NAMES: FixtureName[] = ['family', 'warehouses', 'uploads', 'everything', 'foreign'];
const FIXTURES = NAMES.flatMap((name) => [
  { name, document: readFixture(name) },
  { name: `${name}, renamed and reversed`, document: readRenamedFixture(name) },
]);

describe.each(FIXTURES)('$name', ({ document }) => {
  const contract: Contract = readContract(document);
  const called = contract.operations.filter(({ method }) => method !== 'TRACE');
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let mock: Mock;
  let handlers: ReturnType<typeof createHandlers>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    mock = await startMock({ port: 0, spec: await writeContract(folder.path, document) });
    const { checker } = prepareContract(document, 'none');
    const table = await makeResponseTable(contract, createContentSource(contract, checker));
    handlers = createHandlers(table, { baseUrl: API });
  });

  afterAll(async () => {
    await mock?.close();
    await folder?.[Symbol.asyncDispose]();
  });

  /** Sends a request to the server and to the handlers, expects the same of both, and returns it. */
  async function ask(
    operation: Operation,
    change: Partial<ReturnType<typeof exampleRequest>> = {},
  ) {
    const { method, target, headers, body } = { ...exampleRequest(contract, operation), ...change };
    const bare = method === 'GET' || method === 'HEAD';
    const init = { method, headers, ...(body !== null && !bare && { body }) };
    const [route] = handlers.routes;
    const responses = [
      await fetch(mock.url + target, { redirect: 'manual', ...init }),
      await route?.respond(new Request(API + target, init)),
    ];
    const [server, inPage] = await Promise.all(
      responses.map(async (response) => ({
        status: response?.status,
        type: response?.headers.get('content-type'),
        error: response?.headers.get('x-mock-error'),
        body: await response?.text(),
      })),
    );
    expect(inPage, `${method} ${target} in a page`).toEqual(server);
    return { ...server, headers: responses[0]?.headers };
  }

  test('each operation responds to its example request as documented', async () => {
    for (const operation of called) {
      const { status, type, error, body } = await ask(operation);
      expect([operation.id, status, error, body]).toEqual([
        operation.id,
        defaultStatus(operation),
        null,
        body,
      ]);
      const documented = responseFor(operation, status ?? 0);
      const media = documented?.content.find(({ mediaType }) => mediaType === type);
      if (type) expect(media, `${operation.id} ${type}`).toBeDefined();
      const { checker } = prepareContract(document, 'none');
      if (media?.schema && /json$/.test(type ?? '')) {
        expect(checker(media.schema, 'response')(JSON.parse(body ?? ''))).toEqual([]);
      }
    }
  });

  test('each documented status and example can be asked for', async () => {
    for (const operation of called) {
      for (const response of operation.responses) {
        const code = response.status === 'default' ? '599' : response.status.replace('XX', '10');
        const headers = { ...exampleRequest(contract, operation).headers, Prefer: `code=${code}` };
        const { status, error } = await ask(operation, { headers });
        expect([operation.id, status, error]).toEqual([operation.id, Number(code), null]);
      }
    }
  });

  test('a request that breaks a rule gets what is documented for that, or the mock’s own problem', async () => {
    for (const operation of called) {
      const { headers } = exampleRequest(contract, operation);
      const { status, error } = await ask(operation, {
        headers: { ...headers, 'content-type': 'application/x-unknown' },
        body: 'something',
      });
      const bare = ['GET', 'HEAD'].includes(operation.method);
      if (!bare)
        expect([operation.id, error ?? responseFor(operation, status ?? 0)]).not.toEqual([
          operation.id,
          undefined,
        ]);
      if (!bare) expect([400, 415, 422]).toContain(status);
      const secured =
        operation.security.length > 0 &&
        operation.security.every(({ schemes }) => schemes.length > 0);
      const anonymous = await ask(operation, {
        target: exampleRequest(contract, operation).target.split('?')[0] ?? '',
        headers: {},
      });
      if (secured && operation.security[0]?.schemes[0]?.scheme.type !== 'mutualTLS') {
        expect([operation.id, anonymous.status]).toEqual([
          operation.id,
          operation.security.some(({ schemes }) =>
            schemes.every(({ scheme }) => scheme.type === 'mutualTLS'),
          )
            ? anonymous.status
            : 401,
        ]);
      }
    }
  });
});
