import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ACCEPTED, reportApi } from './report-api.ts';

test('the public surface is the accepted one; `pnpm api:accept` accepts a change', async () => {
  expect(await reportApi()).toBe(await readFile(ACCEPTED, 'utf8'));
});
