import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { OperationRow } from '@sql-sessions/contract/model';
import { closeSession } from '@sql-sessions/contract/operations';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';

/** The operation table weighs what the contract makes it weigh: a growing contract must not turn these tests red. */
const withoutRows: Plugin = {
  name: 'without-rows',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /contract\/operations$/ }, () => ({ path: 'rows', namespace: 'rows' }));
    onLoad({ filter: /^/, namespace: 'rows' }, () => ({ contents: 'export const any = {};' }));
  },
};

/** Bytes, minified and gzipped, dependencies included. */
async function bundle(
  code: string,
  plugins: Plugin[] = [],
): Promise<{ size: number; text: string }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
    plugins,
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild wrote nothing.');
  return { size: gzipSync(output.contents, { level: 9 }).length, text: output.text };
}

test.each([
  ['what most callers import', '{ createSessionsClient as c }', '@sql-sessions/client', 7_500],
  ['every export of it', '* as c', '@sql-sessions/client', 7_800],
  ['openapi-fetch', '{ createFetchClient as c }', '@sql-sessions/client/openapi-fetch', 10_380],
])('the code of the built client, without rows: %s', async (_, names, entry, limit) => {
  const { size } = await bundle(`import ${names} from '${entry}'; globalThis.c = c;`, [
    withoutRows,
  ]);
  expect(size).toBeLessThan(limit);
  // A bundle with nothing in it would be small, too.
  expect(size).toBeGreaterThan(limit * 0.8);
});

test('a client of chosen operations carries no others, and no encoder that none of them needs', async () => {
  const none = await bundle(
    `import { createClient } from '@sql-sessions/client/core'; globalThis.c = createClient;`,
  );
  expect(none.text).not.toContain('closeSession');
  const chosen = await bundle(
    `import { createClient } from '@sql-sessions/client/core';
     import { closeSession } from '@sql-sessions/contract/operations';
     globalThis.c = (options) => createClient({ ...options, operations: { closeSession } });`,
  );
  expect(chosen.text).toContain('closeSession');
  const { body, security } = closeSession as OperationRow;
  const types = Object.keys(body?.types ?? {});
  const isMultipart = (type: string) => type.startsWith('multipart/');
  expect(chosen.text.includes('Content-Disposition')).toBe(types.some(isMultipart));
  expect(chosen.text.includes('btoa(')).toBe(security.flat().some(({ encode }) => encode));
});
