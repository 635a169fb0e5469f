/** A setup that another program serves, and what is said when it does not keep `setup-protocol.yaml`. */
import { createServer } from 'node:http';
import { listen } from '@sql-sessions/testing/listen';
import { expect, test } from 'vitest';
import { remoteSetup } from '../src/setup/remote-setup.ts';
import { verify } from '../src/verify.ts';
import { contract } from './server/contract.ts';

type Respond = (request: string) => [status: number, body?: unknown];

const PARAMS = { workspace_id: 'w-1', session_id: 's-1' };

/** Serves a setup and, beside it, a service with one session that is never closed. */
function serve(respond: Respond) {
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    if (/DELETE .*\/s-1$/.test(line)) return void response.end();
    const [status, body] = line.includes('/v1/')
      ? [404, { error_code: 'demo.0404', error_msg: 'no such session' }]
      : respond(line);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return listen(server);
}

const live = (state: unknown, open: unknown = { open: true }): Respond => {
  const responses: Record<string, [number, unknown?]> = {
    'POST /runs': [200, { capabilities: ['live'] }],
    'POST /states': [201, state],
    'GET /states/1': [200, open],
  };
  return (request) => responses[request] ?? [204];
};

test.each<[string, Respond, RegExp]>([
  [
    'has no such path',
    () => [404],
    /^POST \S+\/runs responded with 404: expected what setup-protocol.yaml describes/,
  ],
  ['fails', () => [500, 'a page\n<h1>of HTML'], /runs responded with 500: a page <h1>of HTML$/],
  [
    'speaks another language',
    () => [200, 'fine'],
    /runs responded with a body that is not JSON\.$/,
  ],
  ['declares nothing', () => [200, 'null'], /setup-protocol\.yaml: it must be object\.$/],
  [
    'has an unknown capability',
    () => [200, { capabilities: ['live', 'stuk'] }],
    /capabilities\/1 must be equal to one of the allowed values \(live, stuck, .*restart\)\.$/,
  ],
  [
    'says its capabilities in one text',
    () => [200, { capabilities: 'live' }],
    /\/capabilities must be array\.$/,
  ],
  [
    'writes a name wrongly',
    () => [200, { capabilites: [] }],
    /it must NOT have additional properties \(capabilites\)\.$/,
  ],
  ['prepares nothing', live(''), /POST \S+\/states responded with a body that is not JSON\.$/],
  ['gives no id', live({ params: PARAMS }), /\/states .*: it must have required property 'id'\.$/],
  [
    'gives the wrong parameters',
    live({ id: '1', params: { session: 's-1' }, open: true }),
    /^`live` returned no workspace_id for \w+/,
  ],
  [
    'cannot tell whether it is open',
    live({ id: '1', params: PARAMS, open: true }, { open: 'yes' }),
    /GET \S+\/states\/1 responded .*: \/open must be boolean\.$/,
  ],
])(
  'a setup that %s is told so in one sentence, and the server is not blamed',
  async (_, respond, said) => {
    await using setup = await serve(respond);
    const run = verify({
      baseUrl: setup.url,
      setup: setup.url,
      contract,
      only: ['removed-for-real'],
    });
    const [error, failed] = await run.then(
      ({ report }) => [report.error, report.summary.failed],
      (thrown: Error) => [thrown.message, 0],
    );
    expect(error).toMatch(said);
    expect(failed).toBe(0);
  },
);

test('a setup may close a connection after each response', async () => {
  const connections: unknown[] = [];
  const server = createServer((request, response) => {
    connections.push(request.headers.connection);
    response.end('{}');
  });
  await using listening = await listen(server);
  const prepare = remoteSetup(listening.url);
  const setup = await prepare({ baseUrl: 'http://127.0.0.1:1', token: undefined, seed: 1 });
  await setup.close?.();
  expect(connections).toEqual(['close', 'close']);
});
