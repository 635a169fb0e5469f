import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { allChecks } from '../src/checks/all-checks.ts';
import { verify } from '../src/verify.ts';
import { type Answer, type Call, correct, error, TOKENS } from './server/behaviour.ts';
import { startTwin } from './server/twin.ts';

/** The contract with one operation more: a list of sessions, with a limit in the query. */
function contractWithList() {
  const copy = structuredClone(document) as Omit<typeof document, 'paths' | 'components'> & {
    paths: Record<string, unknown>;
    components: Omit<(typeof document)['components'], 'schemas'> & {
      schemas: Record<string, unknown>;
    };
  };
  const { responses } = copy.components;
  copy.components.schemas.SessionList = { type: 'array', items: { type: 'string' } };
  copy.paths['/v1/workspaces/{workspace_id}/sessions'] = {
    get: {
      operationId: 'listSessions',
      parameters: [
        { $ref: '#/components/parameters/WorkspaceId' },
        {
          name: 'limit',
          in: 'query',
          schema: { type: 'integer', minimum: 1, maximum: 100, description: '1 to 100' },
        },
      ],
      responses: {
        200: {
          description: 'OK',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/SessionList' } } },
        },
        ...Object.fromEntries(
          (['BadRequest', 'Unauthorized', 'NotFound'] as const).map((name, index) => [
            [400, 401, 404][index],
            { $ref: `#/components/responses/${name}` },
          ]),
        ),
      },
    },
  };
  expect(Object.keys(responses)).toContain('BadRequest');
  return copy;
}

/** Serves the list beside everything that the small server has. */
function route(judgeLimit: (limit: string | null) => boolean) {
  return (call: Call): Answer | undefined => {
    const [version, workspaces, workspace = '', sessions, ...more] = call.segments;
    const isList =
      version === 'v1' &&
      workspaces === 'workspaces' &&
      workspace !== '' &&
      sessions === 'sessions' &&
      more.length === 0;
    if (!isList) return correct.route(call);
    if (call.method !== 'GET')
      return { ...error(405, 'twin.0405', 'only read here'), headers: { Allow: 'GET' } };
    const caller = correct.authenticate(call.token);
    if ('refusal' in caller) return caller.refusal;
    const id = correct.decode(workspace);
    const limit = new URLSearchParams(call.request.url?.split('?')[1]).get('limit');
    if (id === undefined || !correct.allows(id) || !judgeLimit(limit)) {
      return error(400, 'twin.0400', 'not understood');
    }
    if (id !== `${caller.tenant}-ws`) return error(404, 'twin.0404', 'there is no such workspace');
    return { status: 200, body: ['one', 'two'] };
  };
}

const fair = (limit: string | null) =>
  limit === null || (/^\d{1,3}$/.test(limit) && +limit >= 1 && +limit <= 100);

async function check(behaviour: Parameters<typeof startTwin>[0]) {
  await using twin = await startTwin(behaviour);
  const { live, secondTenant, ...rest } = twin.capabilities;
  const { report } = await verify({
    baseUrl: twin.url,
    contract: contractWithList(),
    seed: 5,
    runs: 8,
    setup: () => ({
      ...rest,
      live: async (operation) =>
        operation.id === 'listSessions'
          ? { params: { workspace_id: 'main-ws' } }
          : live?.(operation),
      secondTenant: {
        token: TOKENS.second,
        live: async (operation) =>
          operation.id === 'listSessions'
            ? { params: { workspace_id: 'second-ws' } }
            : secondTenant?.live(operation),
      },
    }),
  });
  return report;
}

test('an operation that the contract gains is checked without a word in the kit', async () => {
  const report = await check({ behaviour: { route: route(fair) } });
  expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  const tried = report.checks.filter(
    ({ operation, outcome }) => operation === 'listSessions' && outcome === 'passed',
  );
  expect(tried.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'success',
      'value-limits',
      'id-characters',
      'unknown-id',
      'token-missing',
      'tenant-isolation',
      'method-not-allowed',
      'burst',
      'answer-schema',
    ]),
  );
  // What only makes sense for something that is removed is not asked of a list.
  expect(
    report.checks.filter(({ operation }) => operation === 'listSessions').map(({ id }) => id),
  ).not.toContain('repeat-is-safe');
  expect(
    report.statuses.filter(({ operation, seen }) => operation === 'listSessions' && seen > 0),
  ).toHaveLength(4);
  // Between the two operations there is no check left that has nothing to say.
  const said = new Set(report.checks.map(({ id }) => id));
  expect(allChecks.map(({ id }) => id).filter((id) => !said.has(id))).toEqual(['token-optional']);
});

test('and its defects are caught, in it alone', async () => {
  const report = await check({
    behaviour: {
      route: route(() => true),
      finish: (answer) => (Array.isArray(answer.body) ? { ...answer, body: [1] } : answer),
    },
  });
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ id, operation }) => `${id} ${operation}`)).toEqual([
    'success listSessions',
    'value-limits listSessions',
    'answer-schema listSessions',
  ]);
});
