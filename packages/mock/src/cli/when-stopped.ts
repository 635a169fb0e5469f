/** How often to look whether the process that started this one is still there, in milliseconds. */
const LOOK_EVERY = 250;

/**
 * Resolves with the reason when it is time to end: a signal, or, where that is wanted, the end of the process that
 * started this one. `npx` and the like do not all pass a signal on.
 */
export function whenStopped(withParent: boolean): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(signal));
    }
    if (!withParent) return;
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve('the process that started it has ended');
    }, LOOK_EVERY);
    timer.unref();
  });
}
