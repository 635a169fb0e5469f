import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  type Operation,
  platformTest,
  readContract,
  responseFor,
} from '@sql-sessions/contract/model';
import { fixturePath, readFixture } from '@sql-sessions/testing/contracts';
import { slow } from '@sql-sessions/testing/slow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRouter } from '../src/contract/router.ts';
import { readTarget } from '../src/http/target.ts';
import { createChecker } from '../src/schemas/checker.ts';
import { type GeneratedRequest, generateRequest } from './support/generate-request.ts';
import { Random } from './support/random.ts';
import { type RawResponse, ResponseReader } from './support/response-reader.ts';

const SEED = 4010;
const SCALE = slow ? 1 : 0.1;
/** Well-formed requests, many on each connection. */
const WHOLE = 92_000 * SCALE;
/** Requests that are broken somewhere, each on a connection of its own. */
const BROKEN = 6_000 * SCALE;
/** Requests of the platform's own client. */
const FETCHED = 2_000 * SCALE;

const contract = readContract(readFixture('family'));
const router = createRouter(contract, 'both');
const checker = createChecker(contract, platformTest);

let server: ReturnType<typeof fork>;
let port = 0;

beforeAll(async () => {
  server = fork(new URL('./support/fuzz-server.ts', import.meta.url), [fixturePath('family')], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  [{ port }] = (await once(server, 'message')) as [{ port: number }];
});

afterAll(() => {
  server?.kill('SIGKILL');
});

test(`${WHOLE + BROKEN + FETCHED} requests of all kinds: no crash, no hang, no response of unknown origin, no leak`, {
  timeout: 280_000,
}, async () => {
  const unknown: unknown[] = [];
  const statuses = new Set<number>();
  const checked = new Set<string>();
  const seen = (response: RawResponse, sent?: { method: string; target: string }) => {
    statuses.add(response.status);
    const operation = sent && router(sent.method, readTarget(sent.target)?.path ?? '').operation;
    const key = `${operation?.id} ${response.status} ${response.headers['x-mock-error']} ${response.body}`;
    if (checked.has(key)) return;
    checked.add(key);
    if (!isKnown(response, operation)) unknown.push({ sent, ...response });
  };
  const random = new Random(SEED);

  let sent = await sendWhole(random, WHOLE / 10, seen);
  const early = await heapUsed();
  sent += await sendBroken(random, BROKEN, seen);
  sent += await sendFetched(random, FETCHED, seen);
  sent += await sendWhole(random, (WHOLE / 10) * 9, seen);
  const late = await heapUsed();

  expect(sent).toBeGreaterThanOrEqual(WHOLE + BROKEN + FETCHED);
  expect(server.exitCode).toBe(null);
  expect(unknown).toEqual([]);
  // Every documented response was met, and the commonest refusals.
  expect([...statuses]).toEqual(
    expect.arrayContaining([200, 201, 202, 400, 401, 403, 404, 405, 409, 422, 431, 500, 501]),
  );
  // 500 recorded requests and some thousand remembered checks are kept: a few megabytes, and never more.
  expect(late - early).toBeLessThan(16_000_000);
});

/** Sends whole requests, pipelined over a few connections; resolves when each has its response. */
async function sendWhole(
  random: Random,
  count: number,
  seen: (response: RawResponse, sent?: GeneratedRequest) => void,
): Promise<number> {
  const BATCH = 50;
  let left = count;
  async function worker() {
    let socket: Socket | undefined;
    while (left > 0) {
      left -= BATCH;
      socket = socket?.writable ? socket : await open();
      const requests = Array.from({ length: BATCH }, () => generateRequest(random, contract));
      const bytes = requests.map(({ method, target, headers, body }) => {
        // A share of the ids holds escapes that mean nothing.
        const path = random.chance(0.05) ? target.replace(/s-\d+/, '%ZZ%ff') : target;
        const lines = Object.entries({
          host: 'mock',
          ...headers,
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        }).map(([name, value]) => `${name}: ${value}\r\n`);
        return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
      });
      const reader = new ResponseReader(requests.map(({ method }) => method));
      const waiting = [...requests];
      await exchange(socket, bytes.join(''), (chunk) => {
        for (const response of reader.read(chunk)) {
          const sent = response.status === 100 ? undefined : waiting.shift();
          if (sent?.method !== 'HEAD') seen(response, sent);
        }
        return reader.pending === 0;
      });
      expect(reader.pending, 'each request has its response').toBe(0);
    }
    socket?.destroy();
  }
  await Promise.all(Array.from({ length: 8 }, worker));
  return count;
}

/** Sends one broken request per connection; resolves when each has a response or has ended. */
async function sendBroken(
  random: Random,
  count: number,
  seen: (response: RawResponse, sent?: GeneratedRequest) => void,
): Promise<number> {
  let left = count;
  async function worker() {
    while (left > 0) {
      left -= 1;
      const socket = await open();
      const reader = new ResponseReader([]);
      const bytes = brokenRequest(random);
      // A client that gives up in the middle is one of the cases: the half that is sent ends with the connection.
      socket.end(bytes);
      await exchange(socket, '', (chunk) => {
        for (const response of reader.read(chunk)) seen(response);
        return false;
      });
      socket.destroy();
    }
  }
  await Promise.all(Array.from({ length: 16 }, worker));
  return count;
}

async function sendFetched(
  random: Random,
  count: number,
  seen: (response: RawResponse, sent?: GeneratedRequest) => void,
): Promise<number> {
  let left = count;
  async function worker() {
    while (left > 0) {
      left -= 1;
      const sent = generateRequest(random, contract);
      const { method, target, headers, body } = sent;
      const response = await fetch(`http://127.0.0.1:${port}${target}`, {
        method,
        headers,
        ...(body !== undefined && method !== 'GET' && method !== 'HEAD' && { body }),
        redirect: 'manual',
        signal: AbortSignal.timeout(60_000),
      });
      const text = await response.text();
      if (method === 'HEAD') continue;
      const all = Object.fromEntries(response.headers);
      seen({ status: response.status, headers: all, body: text });
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker));
  return count;
}

function brokenRequest(random: Random): string | Buffer {
  const line = `GET /v1/workspaces/w/sessions/s-${random.below(9)} HTTP/1.1\r\nhost: mock\r\n`;
  const whole = `${line}content-type: application/json\r\ncontent-length: 3\r\n\r\n{ }`;
  const json = `${line}content-type: application/json\r\n`;
  const noise = Buffer.from(Array.from({ length: 1 + random.below(200) }, () => random.below(256)));
  return random.pick<() => string | Buffer>([
    () => noise,
    () => Buffer.concat([Buffer.from(line), noise]),
    () => whole.slice(0, random.below(whole.length)),
    () => {
      const bytes = Buffer.from(whole);
      bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    },
    () => `${json}content-length: 100\r\n\r\n{ }`,
    () => `${json}content-length: 1\r\n\r\n{ }`,
    () => `${json}content-length: 3\r\ncontent-length: 4\r\n\r\n{ }x`,
    () => `${json}content-length: -1\r\n\r\n`,
    () =>
      `${json}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    () => `${json}transfer-encoding: chunked\r\n\r\nzz\r\n{ }\r\n0\r\n\r\n`,
    () => `${json}transfer-encoding: chunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n`,
    () => `${json}transfer-encoding: xchunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n`,
    () => `${json}content-length: 5\r\n\r\n{bad}`,
    () => `${json}content-length: 20000\r\n\r\n${'['.repeat(20_000)}`,
    () => `${json}expect: 100-continue\r\ncontent-length: 3\r\n\r\n{ }`,
    () => `${json}expect: something\r\ncontent-length: 3\r\n\r\n{ }`,
    () => `${line}x-long: ${'a'.repeat(17_000)}\r\n\r\n`,
    () => `DELETE /${'a'.repeat(17_000)} HTTP/1.1\r\nhost: mock\r\n\r\n`,
    () => `${line}bad header\r\n\r\n`,
    () => `${line}: no name\r\n\r\n`,
    () => `${line}connection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    () => 'DELETE /v1/workspaces/w/sessions/s HTTP/1.1\r\n\r\n',
    () => 'DELETE /v1/workspaces/w/sessions/s HTTP/1.0\r\n\r\n',
    () => 'DELETE /v1/workspaces/w/sessions/s HTTP/3.0\r\nhost: mock\r\n\r\n',
    () => 'GET\r\n\r\n',
    () => 'BREW /v1/workspaces/w/sessions/s HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'PROPFIND /v1/workspaces/w/sessions/s HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'CONNECT mock:80 HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'OPTIONS * HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'DELETE //host/v1/workspaces/w/sessions/s HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'DELETE http://[ HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'DELETE http://elsewhere/v1/workspaces/w/sessions/%ZZ HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'DELETE /v1/workspaces/%00/sessions/%E0%A4%A HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'GET /__mock/nothing HTTP/1.1\r\nhost: mock\r\n\r\n',
    () => 'PUT /__mock/scenario HTTP/1.1\r\nhost: mock\r\ncontent-length: 4\r\n\r\n{bad',
  ])();
}

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Writes, then reads until `done` says so or the connection ends; a connection that does neither has hung. */
function exchange(socket: Socket, bytes: string, done: (chunk: Buffer) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', finish);
      resolve();
    };
    const onData = (chunk: Buffer) => {
      if (done(chunk)) finish();
    };
    const timer = setTimeout(() => reject(new Error('no response and no end in 60 s')), 60_000);
    socket.on('data', onData).on('close', finish);
    if (bytes !== '') socket.write(bytes);
  });
}

async function heapUsed(): Promise<number> {
  server.send('heap');
  const [{ heap }] = (await once(server, 'message')) as [{ heap: number }];
  return heap;
}

/** Whether a response is a documented one that the contract's schema accepts, or marked as the mock's own. */
function isKnown(
  { status, headers, body }: RawResponse,
  operation: Operation | undefined,
): boolean {
  if (status === 100) return true;
  const error = headers['x-mock-error'];
  if (error !== undefined) {
    if (error === 'internal' || headers['content-type'] !== 'application/problem+json')
      return false;
    return body === '' || JSON.parse(body).status === status;
  }
  if (status === 303) return headers.location === './__mock/';
  const documented = (operation ? [operation] : contract.operations).flatMap((one) => {
    const response = responseFor(one, status);
    return response ? [response] : [];
  });
  return documented.some(({ content }) => {
    if (body === '') return content.length === 0 || operation?.method === 'HEAD';
    const schema = content.find(({ mediaType }) => mediaType === headers['content-type'])?.schema;
    return schema !== undefined && checker(schema, 'response')(JSON.parse(body)).length === 0;
  });
}
