import type { RequestErrorKind } from './request-error.ts';

/** A span of time that ends by itself, or with the caller's signal. */
export interface TimeScope {
  /** Is aborted when the scope ends. */
  readonly signal: AbortSignal;
  /** Why it is over, once it is. */
  readonly ended: RequestErrorKind | undefined;
  /** Rejects when the scope ends. */
  readonly over: Promise<never>;
  /** Settles as the promise does, or rejects as soon as the scope is over. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Frees the timer and the listener of a scope that has not ended. */
  close(): void;
}

/** `setTimeout` fires at once beyond this. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param kind why it is over after so many milliseconds
 * @param caller ends the scope too, as `aborted`
 */
export function createTimeScope(
  milliseconds: number,
  kind: RequestErrorKind,
  caller: AbortSignal | undefined,
): TimeScope {
  const controller = new AbortController();
  let refuse: () => void;
  // One promise for all races: a listener on the signal costs several times as much.
  const over = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  over.catch(() => undefined);
  const scope = {
    signal: controller.signal,
    ended: undefined as RequestErrorKind | undefined,
    over,
    race: <T>(promise: Promise<T>) => Promise.race([promise, over]),
    close() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
  const end = (why: RequestErrorKind) => {
    scope.ended = why;
    scope.close();
    controller.abort();
    refuse();
  };
  const abort = () => end('aborted');
  const timer = setTimeout(() => end(kind), Math.min(milliseconds, LONGEST));
  if (caller?.aborted) abort();
  else if (milliseconds <= 0) end(kind);
  else caller?.addEventListener('abort', abort);
  return scope;
}
