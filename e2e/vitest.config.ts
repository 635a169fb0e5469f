import shared from '@sql-sessions/testing/vitest';
import { mergeConfig } from 'vitest/config';

// Its files mostly wait for programs that they start, so two of them share two cores well.
export default mergeConfig(shared, { test: { maxWorkers: 2 } });
