import { NoAnswerError } from './no-answer-error.ts';

/** Refuses what cannot travel in a header, without repeating it. */
export function checkToken(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new NoAnswerError(
    'invalid-argument',
    'token must be one or more visible ASCII characters: no blanks, line breaks or control characters.',
  );
}
