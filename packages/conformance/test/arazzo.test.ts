import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import { TOKENS } from './server/behavior.ts';
import { contract } from './server/contract.ts';
import { startTwin, type Twin, verifyTwin } from './server/twin.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

async function tell(twin: Twin) {
  const operation = { id: 'closeSession', method: 'DELETE', path: '' };
  const subject = await twin.capabilities.live?.(operation);
  const input = JSON.stringify({ token: TOKENS.main, ...subject?.params });
  const file = fileURLToPath(import.meta.resolve('@sql-sessions/contract/arazzo.yaml'));
  const args = ['respect', file, '--server', `sessions=${twin.url}`, '--input', input];
  return run('redocly', args, { cwd: PACKAGE });
}

test('the story of one session holds for a correct server', async () => {
  await using twin = await startTwin();
  const told = await tell(twin);
  expect(told.stdout).toContain('Steps: 4 passed, 4 total');
  expect(told.code).toBe(0);
  expect(told.stdout).not.toContain(TOKENS.main);
}, 300_000);

test('and breaks off where a server skips the token', async () => {
  await using twin = await startTwin({ behavior: { authenticate: () => ({ tenant: 'main' }) } });
  const told = await tell(twin);
  expect(told.code).toBe(1);
  expect(told.stdout).toMatch(/✗ success criteria check.*\$statusCode == 401/);
}, 300_000);

test('the archive of a run shows how much of the contract it has covered', async () => {
  await using twin = await startTwin();
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'contract.json'), JSON.stringify(contract));
  const cover = async (setup: Twin['setup'], name: string) => {
    const { har } = await verifyTwin(twin, { setup, seed: 1, runs: 1 });
    const [traffic, output] = [join(folder.path, `${name}.har`), join(folder.path, `${name}.json`)];
    await writeFile(traffic, JSON.stringify(har));
    await run('redocly', [
      'drift',
      traffic,
      '--api',
      join(folder.path, 'contract.json'),
      '--server',
      twin.url,
      '--coverage',
      '--coverage-output',
      output,
      '--format',
      'json',
      '-o',
      join(folder.path, 'drift.json'),
    ]);
    return JSON.parse(await readFile(output, 'utf8'));
  };
  const whole = await cover(twin.setup, 'whole');
  for (const part of ['operations', 'parameters', 'responses']) {
    expect(whole.totals[part].covered, part).toBe(whole.totals[part].total);
  }
  const { stuck: _, ...rest } = twin.capabilities;
  const partial = await cover(() => rest, 'partial');
  expect(partial.operations[0].missing).toContainEqual({ kind: 'response', status: '408' });
}, 300_000);
