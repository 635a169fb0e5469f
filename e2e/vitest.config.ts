import shared from '@sql-sessions/testing/vitest';
import { defineConfig, mergeConfig } from 'vitest/config';

// Its files mostly wait for programs that they start, so two of them share two cores well.
export default defineConfig((env) => mergeConfig(shared(env), { test: { maxWorkers: 2 } }));
