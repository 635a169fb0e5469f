import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { closedPort } from '@sql-sessions/testing/listen';
import pidusage from 'pidusage';
import { SESSION, TOKEN, WORKSPACE } from '../contract.ts';
import type { Mock } from './mocks.ts';

export const SESSIONS = `/v1/workspaces/${WORKSPACE}/sessions`;

export interface RunningMock extends AsyncDisposable {
  url: string;
  /** Milliseconds from the start of the process to the first response. */
  ready: number;
  /** Resident memory now, in bytes. */
  memory(): Promise<number>;
  /** Processor time since its start, of kernel and program, in milliseconds. */
  cpu(): Promise<number>;
}

/**
 * Starts a mock in a process of its own. What it prints goes nowhere, as with `> /dev/null`.
 * @param call the request whose first response counts; its status
 */
export async function runMock(
  mock: Mock,
  contract: string,
  call: (url: string) => Promise<number> = callMock,
): Promise<RunningMock> {
  // Not every mock can choose a port and tell us.
  const port = await closedPort();
  const began = performance.now();
  const args = mock.args
    .split(' ')
    .map((arg) => arg.replace('CONTRACT', contract).replace('PORT', String(port)));
  const child = spawn(process.execPath, [mock.program, ...args], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await firstResponse(mock.who, child, () => call(url));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    ready: performance.now() - began,
    memory: async () => (await pidusage(child.pid ?? 0)).memory,
    cpu: async () => (await pidusage(child.pid ?? 0)).ctime,
    [Symbol.asyncDispose]: stop,
  };
}

/** Status of one DELETE; rejects where nobody listens. */
export async function callMock(url: string, session = SESSION): Promise<number> {
  const sent = request(`${url}${SESSIONS}/${session}`, {
    method: 'DELETE',
    headers: { 'x-auth-token': TOKEN },
    agent: false,
  });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

async function firstResponse(
  who: string,
  child: ChildProcess,
  call: () => Promise<number>,
): Promise<void> {
  const limit = performance.now() + 120_000;
  while (performance.now() < limit) {
    if (child.exitCode !== null) throw new Error(`${who} ended before it responded.`);
    const status = await call().catch(() => undefined);
    if (status === 200) return;
    if (status !== undefined)
      throw new Error(`${who} responded to a valid request with ${status}.`);
    await sleep(5);
  }
  throw new Error(`${who} did not respond within two minutes.`);
}
