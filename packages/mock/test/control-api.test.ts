import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import {
  InputError,
  type Mock,
  type RecordedRequest,
  type SettingsInput,
  startMock,
} from '@sql-sessions/mock';
import type { ControlSchemas } from '@sql-sessions/mock/control-api';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest';

let mock: Mock;
let document: {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, object> };
};

beforeAll(async () => {
  mock = await startMock({ port: 0 });
  const file = new URL(import.meta.resolve('@sql-sessions/mock/control-api.json'));
  document = JSON.parse(await readFile(file, 'utf8'));
});

afterAll(() => mock.close());

function call(method: string, path: string, body?: string): Promise<Response> {
  return fetch(`${mock.url}/__mock${path}`, { method, ...(body !== undefined && { body }) });
}

function isValid(name: string, value: unknown): void {
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  ajv.addSchema(document, 'control');
  const validate = ajv.getSchema(`control#/components/schemas/${name}`);
  expect(validate?.(value), JSON.stringify([validate?.errors, value])).toBe(true);
}

test('what is described is what is there: each path and method responds in the described shape', async () => {
  await fetch(`${mock.url}/v1/workspaces/w/sessions/s`, { method: 'DELETE' });
  const shapes: Record<string, string> = {
    'get /state': 'State',
    'get /scenario': 'Scenarios',
    'put /scenario': 'Scenarios',
    'get /settings': 'Settings',
    'patch /settings': 'Settings',
    'get /requests': 'Requests',
    'post /verify': '',
  };
  const bodies: Record<string, string> = {
    'put /scenario':
      '{"steps":[408,"404:NotFound",{"fault":"reset"}],"params":{"session_id":"s-1"}}',
    'post /verify': '{"method":"DELETE","times":0}',
    'patch /settings': '{"latency":{"min":0,"max":1},"faults":{"rate":0.01,"kinds":["html502"]}}',
  };
  const called: string[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    if (path === '/events') continue;
    // Reading comes last, so that there is something to read.
    for (const method of Object.keys(methods).sort(
      (a, b) =>
        Number(a === 'get') - Number(b === 'get') ||
        Number(b === 'delete') - Number(a === 'delete'),
    )) {
      const name = `${method} ${path}`;
      const response = await call(method.toUpperCase(), path, bodies[name]);
      expect(Object.keys(methods[method]?.responses ?? {})).toContain(String(response.status));
      expect(response.ok).toBe(true);
      const schema = shapes[name];
      if (schema) isValid(schema, await response.json());
      else if (response.status === 204) expect(await response.text()).toBe('');
      called.push(name);
    }
  }
  expect(called).toEqual(expect.arrayContaining(Object.keys(shapes)));
  mock.reset();
});

test.each([
  ['PUT', '/scenario', '{"steps":[999]}', /404 \(NotFound/],
  ['PUT', '/scenario', '{"steps":', /not JSON/],
  ['PUT', '/scenario', '{"steps":[404],"extra":1}', /extra/],
  ['PUT', '/scenario', '', /must be a step/],
  ['PATCH', '/settings', '{"latency":"slow"}', /milliseconds/],
  ['PATCH', '/settings', '{"latency":{"min":10,"max":1}}', /milliseconds/],
  ['PATCH', '/settings', '{"faults":{"rate":2}}', /from 0 to 1/],
  ['PATCH', '/settings', '{"stateful":"yes"}', /true or false/],
  ['PATCH', '/settings', '{"speed":1}', /speed/],
  ['PATCH', '/settings', '[]', /object/],
])('%s %s with %s is refused in words', async (method, path, body, words) => {
  const before = await (await call('GET', '/state')).json();
  const response = await call(method, path, body);
  expect(response.status).toBe(422);
  expect(response.headers.get('x-mock-error')).toBe('bad-input');
  const problem = await response.json();
  isValid('Problem', problem);
  expect((problem as { detail: string }).detail).toMatch(words);
  expect(await (await call('GET', '/state')).json()).toEqual(before);
});

const circle: Record<string, unknown> = {};
circle.self = circle;

test.each<[string, () => void]>([
  ['a BigInt', () => mock.verify({ body: 5n })],
  ['a circle', () => mock.scenario({ steps: { status: 404, body: circle } })],
  ['a function', () => mock.settings((() => undefined) as never)],
  ['an infinite latency', () => mock.settings({ latency: Number.POSITIVE_INFINITY })],
])('%s is no input', (_name, set) => {
  expect(set).toThrow(InputError);
});

test.each([
  ['PUT', '/scenario'],
  ['DELETE', '/scenario'],
  ['PATCH', '/settings'],
  ['POST', '/verify'],
])('%s %s of JSON without an end in sight is refused', async (method, path) => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  for (const body of [deep, `{"steps":[404],"match":{"body":${deep}}}`]) {
    const response = await call(method, path, body);
    expect(response.status).toBe(422);
    expect((await response.json()).detail).toMatch(/nested too deeply/);
  }
});

/** What a request gets whose target only looks like a URL. */
async function raw(line: string): Promise<string> {
  const socket = connect(mock.port, '127.0.0.1');
  socket.end(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return (await socket.setEncoding('latin1').toArray()).join('');
}

test('targets that are no URL, or a whole one, are in the archive too', async () => {
  await raw('GET //[/x?a=b');
  await raw('GET http://h.example/x?c=d');
  const { log } = await (await call('GET', '/requests.har')).json();
  const shown = log.entries.slice(-2).map(({ request }: { request: object }) => request);
  expect(shown).toMatchObject([
    { url: `${mock.url}//[/x?a=b`, queryString: [{ name: 'a', value: 'b' }] },
    { url: 'http://h.example/x?c=d', queryString: [{ name: 'c', value: 'd' }] },
  ]);
});

test('the panel is found under any spelling of its path, and a HEAD of the stream ends', async () => {
  const redirect = await raw('GET //[/../../__mock');
  expect(redirect).toMatch(/^HTTP\/1\.1 308 [\s\S]*location: __mock\//);
  const head = await raw('HEAD /__mock/events');
  expect(head).toMatch(/^HTTP\/1\.1 200 [\s\S]*text\/event-stream/);
});

test('unknown paths and methods are told apart', async () => {
  const unknown = await call('GET', '/nothing');
  expect([unknown.status, unknown.headers.get('x-mock-error')]).toEqual([404, 'unknown-path']);
  const wrong = await call('POST', '/scenario');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT, DELETE']);
});

test('the stream tells of each request and of each change', async () => {
  const stop = new AbortController();
  const response = await fetch(`${mock.url}/__mock/events`, { signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (pattern: RegExp) => {
    while (!pattern.test(text)) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error(`The stream ended: ${text}`);
      text += value;
    }
  };
  await until(/event: state\n/);
  mock.scenario(403);
  await until(/"status":403/);
  await fetch(`${mock.url}/v1/workspaces/w/sessions/s`, { method: 'DELETE' });
  await until(/event: request\ndata: .*"operation":"/);
  stop.abort();
  mock.reset();
});

test('the generated types and ours agree', () => {
  expectTypeOf<RecordedRequest>().toExtend<
    Readonly<Omit<ControlSchemas['RecordedRequest'], 'reasons'> & { reasons: readonly string[] }>
  >();
  expectTypeOf<ControlSchemas['FaultKind']>().toEqualTypeOf<
    NonNullable<RecordedRequest['fault']>
  >();
  expectTypeOf<keyof ControlSchemas['SettingsInput']>().toEqualTypeOf<keyof SettingsInput>();
});
