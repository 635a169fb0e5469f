/** The mock in a process of its own, which tells how much memory it holds. Needs --expose-gc. */
import { startMock } from '@sql-sessions/mock';

const mock = await startMock({ port: 0, spec: process.argv[2] ?? '' });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed });
});
process.on('disconnect', () => process.exit());
process.send?.({ port: mock.port });
