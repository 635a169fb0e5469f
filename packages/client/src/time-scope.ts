import type { NoAnswerKind } from './no-answer-error.ts';

/** A span of time that ends by itself, or with the signal it is part of. */
export interface TimeScope {
  readonly signal: AbortSignal;
  /** Why it is over, once it is. */
  readonly ended: NoAnswerKind | undefined;
  /** Settles as the promise does, or rejects as soon as the scope is over. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Frees the timer and the listener. */
  close(): void;
}

/** `setTimeout` fires at once beyond this. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param kind why it is over after so many milliseconds
 * @param parent ends the scope too, with its own reason
 */
export function createTimeScope(
  milliseconds: number,
  kind: NoAnswerKind,
  parent?: Pick<TimeScope, 'signal' | 'ended'>,
): TimeScope {
  const controller = new AbortController();
  const { signal } = controller;
  let ended: NoAnswerKind | undefined;
  const end = (why: NoAnswerKind | undefined) => {
    ended ??= why;
    controller.abort();
  };
  const endWithParent = () => end(parent?.ended);
  const timer = setTimeout(() => end(kind), Math.min(milliseconds, LONGEST));
  parent?.signal.addEventListener('abort', endWithParent);
  if (parent?.signal.aborted) endWithParent();
  return {
    signal,
    get ended() {
      return ended;
    },
    race: (promise) =>
      new Promise((resolve, reject) => {
        promise.then(resolve, reject);
        const stop = () => reject(signal.reason);
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop);
      }),
    close() {
      clearTimeout(timer);
      parent?.signal.removeEventListener('abort', endWithParent);
    },
  };
}

/** Resolves after so many milliseconds; rejects as soon as the scope is over. Leaves no timer behind. */
export function sleep(milliseconds: number, scope: TimeScope): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return scope.race(wait).finally(() => clearTimeout(timer));
}
