import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

/** Bytes, minified and gzipped, dependencies included. */
async function bundle(code: string): Promise<{ size: number; text: string }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild wrote nothing.');
  return { size: gzipSync(output.contents, { level: 9 }).length, text: output.text };
}

describe('the built client, minified and gzipped with all it needs, stays under 11.5 KB', () => {
  test('what most callers import', async () => {
    const { size } = await bundle(
      `import { createSessionsClient } from '@sql-sessions/client'; globalThis.c = createSessionsClient;`,
    );
    expect(size).toBeLessThan(11_500);
  });

  test('every export of it', async () => {
    const { size } = await bundle(
      `import * as all from '@sql-sessions/client'; globalThis.c = all;`,
    );
    expect(size).toBeLessThan(11_500);
  });
});

test('a client of chosen operations carries no others', async () => {
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
});
