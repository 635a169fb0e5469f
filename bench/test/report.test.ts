import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claims } from '../src/claims.ts';
import { blockNames, fillBlocks, markdownFiles } from '../src/report.ts';
import { PARTS, readResults } from '../src/results.ts';

const results = await readResults();
const files = await markdownFiles();

describe('the published figures', () => {
  test('come from no smoke run', () => {
    expect(Object.keys(results)).toEqual(PARTS);
    expect(Object.values(results).filter(({ quick }) => quick)).toEqual([]);
  });

  test.each(files.map((file) => [basename(join(file, '..')), file]))(
    'in the Markdown of %s agree with the results',
    async (_folder, file) => {
      const text = await readFile(file, 'utf8');
      expect(text).toBe(fillBlocks(text, results));
    },
  );

  test('are all shown on the page about the benchmarks', async () => {
    const page = files.find((file) => file.endsWith('docs/benchmarks.md')) ?? '';
    expect(blockNames(await readFile(page, 'utf8'))).toEqual(
      expect.arrayContaining([
        'summary',
        'client',
        'mock',
        'large',
        'docs',
        'kit',
        'pipeline',
        'scale',
      ]),
    );
  });
});

test('each aim that is missed has its cause on the page, and no other has', async () => {
  const page = await readFile(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const [, section = ''] = /## What is missed, and why\n([\s\S]*?)\n## /.exec(page) ?? [];
  const explained = [...section.matchAll(/^- \*\*(.+?)\*\*: /gm)].map(([, claim]) => claim);
  const missed = claims(results).filter(({ met }) => !met);
  expect(explained).toEqual(missed.map(({ claim }) => claim));
});

test('a figure that differs from the results is replaced', () => {
  const wrong = 'before\n<!-- bench: pipeline -->\n\n| | 1 ms |\n\n<!-- /bench -->\nafter\n';
  const filled = fillBlocks(wrong, results);
  expect(filled).not.toBe(wrong);
  expect(filled).toMatch(/^before\n<!-- bench: pipeline -->\n\n\| {2}\| Median/);
  expect(filled.endsWith('\n\n<!-- /bench -->\nafter\n')).toBe(true);
});

test('an unknown block and a forgotten end are told', () => {
  expect(() => fillBlocks('<!-- bench: mok -->\n<!-- /bench -->', results)).toThrow(
    'Unknown block "mok"',
  );
  expect(() => fillBlocks('<!-- bench: mock -->\n', results)).toThrow('no <!-- /bench -->');
});

test('a claim names what the results lack instead of leaving it out', () => {
  const { mock } = structuredClone(results);
  if (!mock) throw new Error('no results of the mock');
  const block = '<!-- bench: summary -->\n<!-- /bench -->';
  const rows = mock.rows.filter(({ at, who }) => at !== 20 || who !== 'ours');
  expect(() => fillBlocks(block, { ...results, mock: { ...mock, rows } })).toThrow(
    'no "throughput" of ours: pnpm bench mock',
  );
  expect(() => fillBlocks(block.replace('summary', 'mock'), {})).toThrow('pnpm bench mock');
});
