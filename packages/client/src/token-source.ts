import type { CredentialRow } from '@sql-sessions/contract/operations';
import type { Token } from './options.ts';
import { refuse } from './request-error.ts';
import type { TimeScope } from './time-scope.ts';

/** Gets the tokens of one security scheme. */
export interface TokenSource {
  /** A token for a call, which is waited for as long as the scope lasts. */
  get(scope: TimeScope): Promise<string> | string;
  /**
   * A token in the place of the one that was refused. Calls that began before it was there, and had the same one refused,
   * share it. Absent: the token is always the same.
   *
   * @param since when the call began, on the clock of `performance`
   */
  refresh?(refused: string, since: number, scope: TimeScope): Promise<string>;
}

interface Asking {
  readonly fresh: boolean;
  readonly since: number;
  readonly controller: AbortController;
  readonly promise: Promise<string>;
  waiting: number;
}

/** @param patience milliseconds after which calls no longer join those that wait for the provider */
export function createTokenSource(
  token: Token,
  { scheme, encode }: Pick<CredentialRow, 'scheme' | 'encode'>,
  patience: number,
): TokenSource {
  /** Refuses what cannot travel in a header, without saying it. */
  const checkToken = (given: unknown): string => {
    let reason = 'token must be visible ASCII characters and no blanks';
    try {
      if (typeof given === 'string' && /^[\x21-\x7e]+$/.test(encode ? encode(given) : given))
        return given;
    } catch (error) {
      reason = (error as Error).message;
    }
    return refuse(reason);
  };
  if (typeof token !== 'function') {
    checkToken(token);
    return { get: () => token };
  }
  let current: Asking | undefined;
  /** The last token that took the place of a refused one. */
  let renewed: { refused: string; token: string; at: number } | undefined;

  const ask = (fresh: boolean): Asking => {
    const controller = new AbortController();
    const request = { fresh, scheme, signal: controller.signal };
    const promise = Promise.resolve(request).then(token).then(checkToken);
    const asking = { fresh, since: performance.now(), controller, promise, waiting: 0 };
    const done = () => {
      if (current === asking) current = undefined;
    };
    promise.then(done, done);
    current = asking;
    return asking;
  };
  const share = async (fresh: boolean, scope: TimeScope): Promise<string> => {
    let asking = current;
    if (!asking || (fresh && !asking.fresh) || performance.now() - asking.since >= patience) {
      asking = ask(fresh);
    }
    asking.waiting++;
    try {
      return await scope.race(asking.promise);
    } finally {
      // Whoever hangs is not waited for by those who come later, and is told that nobody waits.
      if (--asking.waiting === 0) {
        if (current === asking) current = undefined;
        asking.controller.abort();
      }
    }
  };
  return {
    get: (scope) => share(false, scope),
    async refresh(refused, since, scope) {
      if (renewed?.refused === refused && since <= renewed.at) return renewed.token;
      const fresh = await share(true, scope);
      renewed = { refused, token: fresh, at: performance.now() };
      return fresh;
    },
  };
}
