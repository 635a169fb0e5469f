import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { startMock } from '@sql-sessions/mock';
import { start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GeneratedRequest, generateRequest } from './support/generate-request.ts';
import { Random } from './support/random.ts';
import { type Received, send } from './support/send.ts';

const SEED = 20_261_124;
const COUNT = 2500;

const spec = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
const DOCUMENTED = [200, 400, 401, 403, 404, 408, 500];
const EXAMPLES = ['BadRequest', 'Unauthorized', 'Forbidden', 'NotFound', 'RequestTimeout'];

/** Where our mock means to answer otherwise than plain Prism does, and why. */
const DELIBERATE: {
  name: string;
  reason: string;
  applies(sent: GeneratedRequest, ours: Received, prisms: Received): boolean;
}[] = [
  {
    name: 'not in the contract',
    reason:
      'An unknown path or method is marked as the mock’s own, lists what there is, and names the methods in Allow; it is looked at before any wish for an answer.',
    applies: (sent, ours, prisms) =>
      (ours.status === prisms.status || wishOf(sent) !== 'known') &&
      ((ours.status === 404 && ours.headers['x-mock-error'] === 'unknown-path') ||
        (ours.status === 405 &&
          ours.headers['x-mock-error'] === 'method-not-allowed' &&
          ours.headers.allow === 'DELETE')),
  },
  {
    name: 'escaped dots',
    reason:
      'An id that is an escaped dot or two is refused by the rule of the contract; Prism lets a URL parser climb a folder for it.',
    applies: (sent, ours, prisms) =>
      /\/(%2e|\.){1,2}(?=[/?]|$)/i.test(sent.target) &&
      ours.status !== 404 &&
      prisms.status === 404,
  },
  {
    name: 'unknown wish',
    reason:
      'A status or an example that the contract does not have is refused with 422 and a list, where Prism answers a 404 that looks real, or ignores the name.',
    applies: (sent, ours) =>
      ours.status === 422 && ours.headers['x-mock-error'] !== undefined && wishOf(sent) !== 'known',
  },
  {
    name: 'example without status',
    reason: 'The name of an example picks the status that it belongs to; Prism ignores it.',
    applies: (sent, ours) =>
      wishOf(sent) === 'example only' && DOCUMENTED.includes(ours.status) && ours.status !== 200,
  },
  {
    name: 'the wanted status counts for more than Accept',
    reason: 'With Accept: text/html, Prism answers 200 where an error status was asked for.',
    applies: (sent, ours, prisms) =>
      sent.headers.accept !== undefined &&
      prisms.status === 200 &&
      wantedStatus(sent) === ours.status &&
      ours.headers['x-mock-error'] === undefined,
  },
];

let prism: ReturnType<typeof start>;
let prismPort = 0;
let mock: Awaited<ReturnType<typeof startMock>>;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  const bin = createRequire(import.meta.url).resolve('@stoplight/prism-cli/dist/index.js');
  // Started with node and not through npx, which would leave it running.
  prism = start(process.execPath, [bin, 'mock', '--port', '0', spec], { env: { NO_COLOR: '1' } });
  const ready = await prism.waitFor(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
  prismPort = Number(ready[1]);
  mock = await startMock({ port: 0 });
});

afterAll(async () => {
  agent.destroy();
  await prism?.stop('SIGKILL');
  await mock?.close();
});

test(`${COUNT} generated requests get Prism’s own answers, but for the deliberate differences`, {
  timeout: 240_000,
}, async () => {
  const random = new Random(SEED);
  const requests = Array.from({ length: COUNT }, () => generateRequest(random));
  const seen = new Map<string, number>();
  const unexplained: unknown[] = [];
  let equal = 0;

  async function compare(sent: GeneratedRequest) {
    const [prisms, first] = await Promise.all([
      send(agent, prismPort, sent),
      send(agent, mock.port, sent),
    ]);
    // The second time, the mock remembers the answer.
    const second = await send(agent, mock.port, sent);
    expect(essence(second), 'an answer that is remembered').toEqual(essence(first));
    if (JSON.stringify(essence(first)) === JSON.stringify(essence(prisms))) {
      equal += 1;
      return;
    }
    const deliberate = DELIBERATE.find(({ applies }) => applies(sent, first, prisms));
    if (deliberate) seen.set(deliberate.name, (seen.get(deliberate.name) ?? 0) + 1);
    else unexplained.push({ sent, ours: essence(first), prisms: essence(prisms) });
  }

  const queue = [...requests];
  const workers = Array.from({ length: 8 }, async () => {
    for (let next = queue.pop(); next && unexplained.length < 5; next = queue.pop()) {
      await compare(next);
    }
  });
  await Promise.all(workers);

  expect(unexplained).toEqual([]);
  expect([...seen.keys()].sort()).toEqual(DELIBERATE.map(({ name }) => name).sort());
  expect(equal).toBeGreaterThan(COUNT / 2);
});

/** What an answer says to its caller. Connection and CORS headers and Prism’s undocumented sl-violations are not part of it. */
function essence({ status, headers, body }: Received) {
  return { status, type: headers['content-type'] ?? null, body };
}

function wishOf({ headers, target }: GeneratedRequest): 'known' | 'example only' | 'odd' {
  const query = new URLSearchParams(target.split('?')[1]);
  const prefer = headers.prefer;
  const code = prefer ? /code=?([^,;]*)/.exec(prefer)?.[1] : (query.get('__code') ?? undefined);
  const example = prefer
    ? /example=([^,;]*)/.exec(prefer)?.[1]
    : (query.get('__example') ?? undefined);
  if (code === undefined) {
    if (example !== undefined) return EXAMPLES.includes(example) ? 'example only' : 'odd';
    return prefer?.includes('dynamic=maybe') ? 'odd' : 'known';
  }
  if (!DOCUMENTED.includes(Number(code)) || query.getAll('__code').length > 1) return 'odd';
  return example === undefined || EXAMPLES.includes(example) ? 'known' : 'odd';
}

function wantedStatus({ headers, target }: GeneratedRequest): number | undefined {
  const query = new URLSearchParams(target.split('?')[1]);
  const code = headers.prefer ? /code=(\d{3})/.exec(headers.prefer)?.[1] : query.get('__code');
  return code ? Number(code) : undefined;
}
