/** How often to look whether the process that started this one is still there, in milliseconds. */
const LOOK_EVERY = 500;

/**
 * Resolves on SIGINT or SIGTERM. Under `npx` and the like, also when the starter has gone: they do not all pass a
 * signal on, and a mock that nobody can see any more would keep its port.
 */
export function whenStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
    process.on('SIGHUP', () => resolve());
    if (process.env.npm_execpath === undefined) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY);
    timer.unref();
  });
}
