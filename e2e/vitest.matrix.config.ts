import shared from '@sql-sessions/testing/vitest';
import { mergeConfig } from 'vitest/config';

/** The slow rows, in a command of their own: `pnpm test:matrix`. */
const config = mergeConfig(shared, { test: { maxWorkers: 2 } });
config.test.include = ['tools/*.test.ts'];
config.test.reporters = ['default'];

export default config;
