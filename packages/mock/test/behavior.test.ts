import {
  InputError,
  type Mock,
  type MockOptions,
  type SettingsInput,
  startMock,
} from '@sql-sessions/mock';
import { writeContract } from '@sql-sessions/testing/contracts';
import { ERROR_EXAMPLES } from '@sql-sessions/testing/examples';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { Behavior } from '../src/behavior/behavior.ts';
import { DEFAULT_SETTINGS, readSettings } from '../src/behavior/settings.ts';
import { createRouter } from '../src/contract/router.ts';
import { LIVE } from './support/live-examples.ts';

const NOT_FOUND = LIVE.NotFound;

test('every documented status and example is reached by Prefer, by the query, by an option and over the control API', async () => {
  await using mock = await startMock({ port: 0 });
  expect((await close(mock)).status).toBe(200);
  for (const [status, example] of Object.entries(ERROR_EXAMPLES)) {
    const responses = [
      await close(mock, 's', { prefer: `code=${status}` }),
      await close(mock, 's', { prefer: `code=${status}, example=${example}` }),
      await close(mock, 's', { prefer: `example=${example}` }),
      await close(mock, `s?__code=${status}`),
      await close(mock, `s?__code=${status}&__example=${example}`),
    ];
    for (const steps of [Number(status), `${status}:${example}`, example]) {
      await control(mock, 'PUT', '/scenario', { steps: [steps] });
      responses.push(await close(mock));
    }
    await control(mock, 'DELETE', '/scenario');
    await using started = await startMock({ port: 0, scenario: Number(status) });
    responses.push(await close(started));
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(new Set(responses.map((response) => response.status))).toEqual(
      new Set([Number(status)]),
    );
    expect(new Set(bodies).size).toBe(1);
    expect(responses.some((response) => response.headers.has('x-mock-error'))).toBe(false);
  }
});

test.each([
  ['code=999', 'unknown-status'],
  ['code=abc', 'unknown-status'],
  ['code=404, example=Nothing', 'unknown-example'],
  ['example=Nothing', 'unknown-example'],
  ['code=404, example=Forbidden', 'unknown-example'],
  ['dynamic=perhaps', 'bad-preference'],
])('the wish %s is refused with a list of what there is', async (prefer, error) => {
  await using mock = await startMock({ port: 0 });
  const response = await close(mock, 's', { prefer });
  expect(response.status).toBe(422);
  expect(response.headers.get('x-mock-error')).toBe(error);
  expect(((await response.json()) as { detail: string }).detail).toMatch(
    error === 'bad-preference' ? /true or false/ : /404 \(NotFound/,
  );
});

test('a wish counts for more than Accept', async () => {
  await using mock = await startMock({ port: 0 });
  const response = await close(mock, 's', { prefer: 'code=404', accept: 'text/html' });
  expect([response.status, await response.json()]).toEqual([404, NOT_FOUND]);
});

test('a sequence is taken step by step and its last step stays', async () => {
  await using mock = await startMock({ port: 0 });
  mock.scenario([408, 408, 200]);
  expect(await statuses(mock, 5)).toEqual([408, 408, 200, 200, 200]);
  mock.scenario({ steps: [500, 403], after: 'normal' });
  expect(await statuses(mock, 4)).toEqual([500, 403, 200, 200]);
  mock.scenario({ steps: [500, 200], after: 'loop' });
  expect(await statuses(mock, 5)).toEqual([500, 200, 500, 200, 500]);
  mock.scenario(null);
  expect(await statuses(mock, 1)).toEqual([200]);
});

test('a scenario for one session leaves the others alone', async () => {
  await using mock = await startMock({ port: 0 });
  mock.scenario(500);
  mock.scenario({ steps: ['NotFound'], params: { session_id: 's-1' } });
  expect([(await close(mock, 's-1')).status, (await close(mock, 's-2')).status]).toEqual([
    404, 500,
  ]);
  expect((await close(mock, 's%2D1')).status).toBe(404);
});

test('calls that break a rule, and calls that ask for a response, use up no step', async () => {
  await using mock = await startMock({ port: 0, scenario: { steps: [408], after: 'normal' } });
  expect((await close(mock, 'not_valid')).status).toBe(400);
  expect((await close(mock, 's', { prefer: 'code=403' })).status).toBe(403);
  expect(await statuses(mock, 2)).toEqual([408, 200]);
});

test('of a large contract, a message names what is most like what was asked for', async () => {
  const nouns = ['Alarm', 'Backup', 'Cluster', 'Driver'];
  const operations = nouns.flatMap((noun) =>
    Array.from({ length: 10 }, (_, index) => [`/${noun}s/kind-${index}`, `show${noun}${index}`]),
  );
  await using folder = await temporaryFolder();
  const spec = await writeContract(folder.path, {
    openapi: '3.1.0',
    info: { title: 'Many', version: '1' },
    paths: Object.fromEntries(
      operations.map(([path, operationId]) => [
        path,
        { get: { operationId, responses: { 200: { description: 'OK' } } } },
      ]),
    ),
  });
  await using mock = await startMock({ port: 0, spec });
  const scenario = { steps: 200, operation: 'showCluster' };
  expect(() => mock.scenario(scenario)).toThrow(/the contract has showCluster0, .*, and 20 more\./);
  const { detail } = (await (await fetch(`${mock.url}/drivers/kind-3`)).json()) as never;
  expect(detail).toMatch(
    /^The contract has no path \/drivers\/kind-3\. It has GET \/Drivers\/kind-3, /,
  );
});

test('what is not a scenario is refused with a list of what there is', async () => {
  await using mock = await startMock({ port: 0 });
  expect(() => mock.scenario(999)).toThrow(/404 \(NotFound/);
  expect(() => mock.scenario('Nothing')).toThrow(/faults are reset/);
  expect(() => mock.scenario([])).toThrow(/1 to 1000/);
  expect(() => mock.scenario({ steps: 404, params: { nope: 'x' } })).toThrow(/session_id/);
  expect(() => mock.scenario({ steps: 404, operation: 'closeSesion' })).toThrow(/closeSession/);
  await expect(startMock({ port: 0, scenario: 999 })).rejects.toThrow(/404 \(NotFound/);
  await expect(startMock({ port: 0, latency: -1 })).rejects.toThrow(/milliseconds/);
  await expect(startMock({ port: 0, color: 'red' } as MockOptions)).rejects.toThrow(/"color"/);
});

test('stateful: a session is open until it is closed, and reset brings it back', async () => {
  await using mock = await startMock({ port: 0, stateful: true });
  expect((await close(mock, 's-1')).status).toBe(200);
  const again = await close(mock, 's-1');
  expect([again.status, await again.json()]).toEqual([404, NOT_FOUND]);
  expect((await close(mock, 's%2D1')).status).toBe(404);
  expect((await close(mock, 's-2')).status).toBe(200);
  mock.reset();
  expect((await close(mock, 's-1')).status).toBe(200);
});

test('stateful: of ten calls at once, one closes and nine find it closed', async () => {
  await using mock = await startMock({ port: 0, stateful: true });
  const responses = await Promise.all(Array.from({ length: 10 }, () => close(mock, 's-1')));
  expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(404)]);
});

test('stateful: a call that fails closes nothing', async () => {
  await using mock = await startMock({ port: 0, stateful: true, scenario: [408, 200] });
  expect(await statuses(mock, 2, 's-1')).toEqual([408, 200]);
  mock.scenario(null);
  expect((await close(mock, 's-1')).status).toBe(404);
});

test('strict token: 401 without a token, whatever the scenario', async () => {
  await using mock = await startMock({ port: 0, strictToken: true, scenario: 500 });
  const without = await close(mock);
  expect([without.status, await without.json()]).toEqual([401, LIVE.Unauthorized]);
  expect((await close(mock, 's', { 'x-auth-token': 't' })).status).toBe(500);
  mock.settings({ strictToken: false });
  expect((await close(mock)).status).toBe(500);
});

test('latency: a response waits as long as is set', async () => {
  await using mock = await startMock({ port: 0, latency: 80 });
  await close(mock);
  expect(mock.requests[0]?.durationMs).toBeGreaterThanOrEqual(79);
});

test('latency and faults: the same seed draws the same series, another seed another, and a reset starts it again', async () => {
  await using mock = await startMock({ port: 0 });
  const response = async () => ({ status: 200, headers: {}, body: undefined });
  const engine = { check: async () => undefined, respond: response, refuse: response };
  const { contract } = mock;
  const served = { contract, engine, router: createRouter(contract, 'none') };
  const behaviorFor = (input: SettingsInput) =>
    new Behavior(() => served, readSettings(input, DEFAULT_SETTINGS), undefined);
  const request = {
    method: 'DELETE',
    path: '/v1/workspaces/w-1/sessions/s-1',
    search: '',
    target: '/v1/workspaces/w-1/sessions/s-1',
    query: new URLSearchParams(),
    headers: {},
    text: undefined,
  };
  const draw = async (behavior: Behavior) => {
    const drawn: { delayMs: number; fault: string | undefined }[] = [];
    for (let call = 0; call < 100; call += 1) {
      const { delayMs, fault } = await behavior.respond(request);
      drawn.push({ delayMs, fault });
    }
    return drawn;
  };
  const settings = (latency: number, faults: number): SettingsInput => ({
    latency: { min: 5, max: 60_000, seed: latency },
    faults: { rate: 0.5, seed: faults },
  });
  const behavior = behaviorFor(settings(7, 7));
  const series = await draw(behavior);
  expect(new Set(series.map(({ delayMs }) => delayMs)).size).toBeGreaterThan(90);
  expect(new Set(series.map(({ fault }) => fault)).size).toBe(5);

  expect(await draw(behaviorFor(settings(7, 7)))).toEqual(series);
  expect(await draw(behavior), 'the series goes on').not.toEqual(series);
  behavior.reset();
  expect(await draw(behavior)).toEqual(series);
  behavior.setSettings(settings(7, 7));
  expect(await draw(behavior)).toEqual(series);

  const waits = (drawn: typeof series) => drawn.map(({ delayMs }) => delayMs);
  const faults = (drawn: typeof series) => drawn.map(({ fault }) => fault);
  const otherWaits = await draw(behaviorFor(settings(8, 7)));
  expect(waits(otherWaits)).not.toEqual(waits(series));
  expect(faults(otherWaits)).toEqual(faults(series));
  const otherFaults = await draw(behaviorFor(settings(7, 8)));
  expect(waits(otherFaults)).toEqual(waits(series));
  expect(faults(otherFaults)).not.toEqual(faults(series));
});

test('a body that is made up keeps its schema, and is the same for the same seed', async () => {
  await using mock = await startMock({ port: 0 });
  const ask = (prefer: string) => close(mock, 's', { prefer }).then((response) => response.json());
  const body = (await ask('code=404, dynamic=true, seed=1')) as Record<string, string>;
  expect(body.error_code).not.toBe(NOT_FOUND?.error_code);
  expect(body.error_code).toMatch(/^.{8,36}$/s);
  expect(body.error_msg).toMatch(/^.{2,4096}$/s);
  expect(await ask('code=404, dynamic=true, seed=1')).toEqual(body);
  expect(await ask('code=404, dynamic=true, seed=2')).not.toEqual(body);
  mock.settings({ dynamic: true });
  expect(await ask('code=404')).not.toEqual(NOT_FOUND);
});

test.each([
  'bad name',
  'é',
  '',
  'Connection',
  'Content-Length',
  'transfer-encoding',
  'upgrade',
  'trailer',
])('a step cannot send the header "%s"', async (name) => {
  await using mock = await startMock({ port: 0 });
  const steps = [{ status: 429, headers: { [name]: 'x' }, body: 'text' }];
  expect(() => mock.scenario({ steps })).toThrow(InputError);
  expect(() => mock.scenario({ steps })).toThrow(name);
});

test.each([
  [{ status: 429, headers: { 'Retry-After': '2' }, body: 'text' }, 'text/plain'],
  [{ status: 404, headers: { 'x-a': '1' }, body: '<p>' }, 'text/plain'],
  [{ status: 404, headers: { 'Content-TYPE': 'text/html' }, body: '<p>' }, 'text/html'],
  [{ status: 429, headers: { 'x-a': '1' }, body: { a: 1 } }, 'application/json'],
  [{ status: 404, body: [] }, 'application/json'],
  [{ status: 204, headers: { 'x-a': '1' }, body: 'text' }, null],
  [{ status: 304, headers: { 'x-a': '1' } }, null],
])('the body of the step %j is of the type %s', async (step, type) => {
  await using mock = await startMock({ port: 0, scenario: { steps: [step] } });
  const { status, headers } = await close(mock);
  expect([status, headers.get('content-type')]).toEqual([step.status, type]);
});

test('a JSON body of a step is of the type that the contract has for it', async () => {
  const content = { 'application/problem+json': { schema: { type: 'object' } } };
  const get = { operationId: 'show', responses: { 404: { description: 'No.', content } } };
  const contract = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: { '/a': { get } },
  };
  await using folder = await temporaryFolder();
  await using mock = await startMock({
    port: 0,
    spec: await writeContract(folder.path, contract),
    scenario: { steps: [{ status: 404, body: { title: 'mine' } }] },
  });
  const response = await fetch(`${mock.url}/a`);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({ title: 'mine' });
});

test('a header of a step is sent as it can be, in one line', async () => {
  const headers = { 'x-a': 'é✓\r\nb' };
  await using mock = await startMock({ port: 0, scenario: { steps: [{ status: 429, headers }] } });
  const response = await close(mock);
  expect([response.status, response.headers.get('x-a')]).toEqual([429, 'é%E2%9C%93%0D%0Ab']);
});

test('a scenario is taken away by its target, in whatever order and letter case it is written', async () => {
  await using mock = await startMock({ port: 0 });
  const match = { headers: { 'X-A': '1', 'x-b': '2' }, query: { q: '1' }, body: { a: 1, b: [2] } };
  mock.scenario({ steps: 404, match });
  const other = { body: { b: [2], a: 1 }, query: { q: '1' }, headers: { 'x-b': '2', 'x-a': '1' } };
  await control(mock, 'DELETE', '/scenario', { match: other });
  const response = await fetch(`${mock.url}/__mock/scenario`);
  expect(await response.json()).toEqual({ scenarios: [] });
});

test('faults as steps: reset, half a response, a gateway page, no response', async () => {
  await using mock = await startMock({
    port: 0,
    scenario: ['reset', 'truncate', 'html502', 'stall'],
  });
  await expect(close(mock)).rejects.toThrow();
  const half = await close(mock);
  await expect(half.text()).rejects.toThrow();
  const page = await close(mock);
  expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
  expect(await page.text()).toContain('<h1>502 Bad Gateway</h1>');
  const signal = AbortSignal.timeout(300);
  await expect(fetch(urlOf(mock, 's'), { method: 'DELETE', signal })).rejects.toThrow(/timeout/);
  expect(mock.requests.map(({ fault }) => fault)).toEqual([
    'reset',
    'truncate',
    'html502',
    'stall',
  ]);
});

test('faults by rate: about as many as asked for, and the same for the same seed', async () => {
  const run = async (seed: number) => {
    const faults = { rate: 0.3, kinds: ['html502' as const], seed };
    await using mock = await startMock({ port: 0, faults });
    return (await statuses(mock, 100)).join(' ');
  };
  const [first, again, other] = [await run(1), await run(1), await run(2)];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  const hits = first.split(' ').filter((status) => status === '502').length;
  expect(hits).toBeGreaterThan(15);
  expect(hits).toBeLessThan(45);
});

test('requests are recorded with the reason for their response, and tokens are masked', async () => {
  await using mock = await startMock({ port: 0, scenario: 408 });
  await close(mock, 's-1?a=b', { 'x-auth-token': 'very-secret', authorization: 'Bearer secret' });
  await close(mock, 'not_valid');
  await fetch(`${mock.url}/nothing`);
  const [first, second, third] = mock.requests;
  expect(first).toMatchObject({
    id: 1,
    method: 'DELETE',
    target: '/v1/workspaces/w-1/sessions/s-1?a=b',
    operation: 'closeSession',
    status: 408,
    mockError: null,
    reasons: ['scenario'],
  });
  expect(first?.headers['x-auth-token']).toBe('*** (11 characters)');
  expect(JSON.stringify(mock.requests)).not.toContain('secret');
  expect(second?.reasons).toEqual([
    expect.stringContaining('session_id must be a string of 1 to 36 characters'),
  ]);
  expect(third).toMatchObject({ operation: null, status: 404, mockError: 'unknown-path' });
});

test('a credential in the query is masked, however its name is escaped', async () => {
  await using folder = await temporaryFolder();
  const spec = await writeContract(folder.path, {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: { '/a': { get: { responses: { 200: { description: 'OK' } } } } },
    components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'api key' } } },
  });
  await using mock = await startMock({ port: 0, spec });
  for (const name of ['api%20key', 'api+key', 'api%20k%65y'])
    await fetch(`${mock.url}/a?${name}=secret`);
  expect(mock.requests).toHaveLength(3);
  expect(JSON.stringify(mock.requests)).not.toContain('secret');
});

function urlOf(mock: Mock, session: string): string {
  return `${mock.url}/v1/workspaces/w-1/sessions/${session}`;
}

function close(mock: Mock, session = 's', headers: Record<string, string> = {}): Promise<Response> {
  return fetch(urlOf(mock, session), { method: 'DELETE', headers });
}

async function statuses(mock: Mock, count: number, session = 's'): Promise<number[]> {
  const all: number[] = [];
  for (let call = 0; call < count; call += 1) all.push((await close(mock, session)).status);
  return all;
}

async function control(mock: Mock, method: string, path: string, body?: unknown) {
  const response = await fetch(`${mock.url}/__mock${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
}
