import shared from '@sql-sessions/testing/vitest';
import { defineConfig, mergeConfig } from 'vitest/config';

/** The rows of other people's tools, in a command of their own: `pnpm test:matrix`. */
export default defineConfig((env) => {
  const config = mergeConfig(shared(env), { test: { maxWorkers: 2 } });
  config.test.include = ['tools/*.test.ts'];
  config.test.reporters = ['default'];
  return config;
});
