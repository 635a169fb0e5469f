import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { contractFile, OURS, TOKEN } from '../contract.ts';
import { ownMock } from '../mock/mocks.ts';
import { runMock } from '../mock/run-mock.ts';
import type { Case, Context } from '../run-case.ts';

const folder = dirname(
  fileURLToPath(import.meta.resolve('@sql-sessions/conformance/package.json')),
);

/** A run of the kit on the live contract, served by our mock at once and after a wait. */
export async function* kitCases({ quick }: Context): AsyncGenerator<Case> {
  for (const latency of quick ? [0] : [0, 300]) {
    const where = latency === 0 ? 'on loopback' : `at ${latency} ms per response`;
    yield {
      title: `the kit ${where}`,
      metrics: [
        [`run ${where}`, 's'],
        [`requests ${where}`, 'count'],
      ],
      rounds: latency === 0 ? 3 : 1,
      subjects: [{ who: OURS, measure: () => measure(latency) }],
    };
  }
}

async function measure(latency: number): Promise<number[]> {
  const args = `${ownMock.args} --stateful --strict-token --latency=${latency}`;
  await using mock = await runMock({ ...ownMock, args }, contractFile);
  const began = performance.now();
  const { code, stdout, stderr } = await run(
    process.execPath,
    [
      join(folder, 'bin/sql-sessions-conformance.js'),
      ...['--base-url', mock.url, '--known', join(folder, 'known/mock.json'), '--json'],
    ],
    { env: { SQL_SESSIONS_TOKEN: TOKEN }, timeout: 600_000 },
  );
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`The kit ended with ${code}:\n${stderr || stdout}`);
  return [seconds, (JSON.parse(stdout) as { requests: number }).requests];
}
