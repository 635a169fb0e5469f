import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CALL_OPTIONS, CLIENT_OPTIONS, DEFAULTS } from '../src/options.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
const shown = (value: number) => value.toLocaleString('en-US');

test.each(Object.entries(DEFAULTS))(
  'the default of %s is said alike everywhere',
  async (name, value) => {
    const docstring = new RegExp(`Default: ${shown(value)}\\b[^/]*\\*/\\s+readonly ${name}\\?`);
    expect(await read('../src/options.ts')).toMatch(docstring);
    const row = new RegExp(`^\\| \`${name}\` +\\| ${shown(value)} +\\|`, 'm');
    expect(await read('../README.md')).toMatch(row);
    expect(await read('../../../docs/guides/client.md')).toMatch(row);
  },
);

test('the README names every option', async () => {
  const readme = await read('../README.md');
  const isRow = (name: string) => name !== 'operations';
  for (const name of CLIENT_OPTIONS.filter(isRow)) expect(readme).toMatch(`| \`${name}\``);
  for (const name of CALL_OPTIONS) expect(readme).toContain(`\`${name}\``);
});
