import type { TokenProvider } from './client-types.ts';
import { NoAnswerError } from './no-answer-error.ts';

/** Gets the token for an attempt; `fresh` after a 401. */
export type TokenSource = (fresh: boolean) => Promise<string | undefined>;

/** Calls that ask while the provider is busy share its answer; a fresh token is never a shared old one. */
export function createTokenSource(token: string | TokenProvider | undefined): TokenSource {
  if (typeof token !== 'function') {
    if (token !== undefined) checkToken(token);
    return async () => token;
  }
  let pending: Promise<string> | undefined;
  let pendingIsFresh = false;
  return (fresh) => {
    if (pending && (pendingIsFresh || !fresh)) return pending;
    const mine = Promise.resolve({ fresh }).then(token).then(checkToken);
    const done = () => {
      if (pending === mine) pending = undefined;
    };
    mine.then(done, done);
    pending = mine;
    pendingIsFresh = fresh;
    return mine;
  };
}

/** Refuses what cannot travel in a header, without repeating it. */
function checkToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new NoAnswerError(
    'invalid-argument',
    'token must be visible ASCII characters, without blanks or line breaks.',
  );
}
