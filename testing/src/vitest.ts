import { defineConfig } from 'vitest/config';

/** Every package's Vitest configuration. The JSON report is what the root `test` script sums up. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: '.results/vitest.json' }]],
    // CommonJS is imported the way Node does it, in packages of this workspace too.
    deps: { interopDefault: false },
    // Generous, since two cores may be shared by several packages: a limit here only ends what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
