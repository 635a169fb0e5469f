import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import type { Results } from '../src/results.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const bench = (...args: string[]) => run(process.execPath, [main, ...args], { timeout: 400_000 });

test('a smoke run measures our own parts', async () => {
  await using folder = await temporaryFolder();
  const out = join(folder.path, 'results.json');
  const { code, stderr } = await bench(
    'client',
    'mock',
    'docs',
    'scale',
    '--quick',
    '--ours',
    '--out',
    out,
  );
  expect(stderr).not.toContain('failed');
  expect(code).toBe(0);

  const results = JSON.parse(await readFile(out, 'utf8')) as Results;
  expect(Object.keys(results)).toEqual(['client', 'mock', 'docs', 'scale']);
  for (const part of Object.values(results)) {
    expect(part).toMatchObject({
      quick: true,
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      commit: expect.stringMatching(/./),
      machine: { cores: expect.any(Number), node: process.version },
    });
    for (const row of part.rows) {
      if (row.median === null) expect(row.note).toBeTruthy();
      else expect(Number.isFinite(row.median), `${row.who}: ${row.metric}`).toBe(true);
    }
  }
  const metrics = (name: keyof Results) =>
    new Set(results[name]?.rows.filter(({ who }) => who === 'ours').map(({ metric }) => metric));
  expect(metrics('client')).toContain('call over loopback, closed');
  expect(metrics('mock')).toContain('throughput');
  expect(metrics('docs')).toContain('everything readable');
  expect(metrics('scale')).toContain('mock, a request');

  const one = results.scale?.rows.filter(
    ({ metric }) => metric === 'client bundle with one operation',
  );
  expect(new Set(one?.map(({ median }) => median)).size, 'the bundle grows with the contract').toBe(
    1,
  );
  const all = results.scale?.rows.filter(
    ({ metric }) => metric === 'client bundle with all operations',
  );
  expect(all?.[1]?.median).toBeGreaterThan(all?.[0]?.median ?? Infinity);

  const docs = results.docs?.rows.find(({ metric }) => metric === 'everything readable');
  expect(docs?.median, 'something of our reference has to be unfolded').not.toBeNull();
}, 420_000);
