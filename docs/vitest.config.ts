import shared from '@sql-sessions/testing/vitest';
import { defineConfig, mergeConfig } from 'vitest/config';

export default mergeConfig(
  shared,
  defineConfig({
    // The packages are tested as they are published: run by Node, not transformed here.
    test: { server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } } },
  }),
);
