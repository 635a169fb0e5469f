import shared from '@sql-sessions/testing/vitest';
import { defineConfig, mergeConfig } from 'vitest/config';

export default defineConfig((env) =>
  mergeConfig(shared(env), {
    // The packages are tested as they are published: run by Node, not transformed here.
    // One process imports the renderer's libraries once for all files; no test changes anything global.
    test: {
      isolate: false,
      maxWorkers: 1,
      server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    },
  }),
);
