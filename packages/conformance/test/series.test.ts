import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));
const series = (part: string) => run('pnpm', ['run', 'ci:series', part], { cwd });

test('a part of the long series runs by its name', async () => {
  const done = await series('sends ETag');
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(done.stdout).toMatch(/^✓ habit: sends ETag: 1×, \d+ requests, [\d.]+ s, \d+ MB$/m);
  expect(done.stdout).toContain('0 false alarms.');
});

test('a part that there is not is said', async () => {
  const done = await series('nothing');
  expect(done.code).not.toBe(0);
  expect(done.stderr).toContain('No part is named nothing: there are a local run,');
});
