import shared from '@sql-sessions/testing/vitest';
import { mergeConfig } from 'vitest/config';

export default mergeConfig(shared, {
  test: {
    // Prism is CommonJS: import it the way Node does.
    deps: { interopDefault: false },
  },
});
