import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pidusage from 'pidusage';
import type { MockContender } from './mocks.ts';

export const PATH = '/v1/workspaces/analytics/sessions/0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21';
export const BAD_PATH = '/v1/workspaces/analytics/sessions/not_an_id';
const TOKEN = { 'x-auth-token': 'a-token-of-usual-length-0123456789' };

export interface RunningMock extends AsyncDisposable {
  url: string;
  /** Milliseconds from the start of the process to the first answer. */
  ready: number;
  /** Resident memory now, in bytes. */
  memory(): Promise<number>;
}

/** Starts a mock in a process of its own. What it prints goes nowhere, as with `> /dev/null`. */
export async function runMock(contender: MockContender, contract: string): Promise<RunningMock> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, contender.command(contract, port), { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await firstAnswer(contender.name, child, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    ready: performance.now() - began,
    memory: async () => (await pidusage(child.pid ?? 0)).memory,
    [Symbol.asyncDispose]: stop,
  };
}

/** Status of one DELETE; rejects where nobody listens. */
export async function callMock(url: string, path = PATH): Promise<number> {
  const sent = request(url + path, { method: 'DELETE', headers: TOKEN, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

async function firstAnswer(name: string, child: ChildProcess, url: string): Promise<void> {
  const limit = performance.now() + 120_000;
  while (performance.now() < limit) {
    if (child.exitCode !== null) throw new Error(`${name} ended before it answered.`);
    const status = await callMock(url).catch(() => undefined);
    if (status === 200) return;
    if (status !== undefined) throw new Error(`${name} answered a good request with ${status}.`);
    await sleep(5);
  }
  throw new Error(`${name} did not answer in two minutes.`);
}

/** Not every mock can choose a port and tell us, so the system chooses one and it is given to the mock. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
