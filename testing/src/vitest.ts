import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { leftOut } from './left-out.ts';

const SLOW = 'test/**/*.slow.test.ts';
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = relative(root, process.cwd()).replaceAll(sep, '/');
const missing = leftOut(folder, `${process.platform}-${process.arch}`);
for (const { pattern, reason } of missing) {
  const line = `${folder}/${pattern} is left out: ${reason}.`;
  console.log(process.env.GITHUB_ACTIONS ? `::notice title=Not tested here::${line}` : line);
}

/**
 * Every package's Vitest configuration. Files called `*.slow.test.ts` run in the mode `slow` (`pnpm test:slow`), all
 * others without it. The JSON report is what the root's script sums up.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === 'slow' ? SLOW : 'test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      ...(mode === 'slow' ? [] : [SLOW]),
      ...missing.map(({ pattern }) => pattern),
    ],
    passWithNoTests: mode === 'slow' || missing.length > 0,
    reporters: ['default', ['json', { outputFile: '.results/vitest.json' }]],
    // CommonJS is imported the way Node does it, in packages of this workspace too.
    deps: { interopDefault: false },
    // Generous, since two cores may be shared by several packages: a limit here only ends what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
}));
