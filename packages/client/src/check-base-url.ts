import { NoAnswerError } from './no-answer-error.ts';

const LOOPBACK = /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/;

/** Returns the base URL without a slash at its end. The message never repeats the URL: it may hold a password. */
export function checkBaseUrl(
  baseUrl: string | URL,
  hasToken: boolean,
  allowInsecureHttp: boolean,
): string {
  const refuse = (must: string) => new NoAnswerError('invalid-argument', `baseUrl must ${must}.`);
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    throw refuse('be an absolute URL such as https://sql.example.com');
  }
  if (!/^https?:$/.test(url.protocol)) throw refuse('start with https:// or http://');
  if (url.username || url.password) throw refuse('hold no user name or password: use token');
  if (/[?#]/.test(url.href)) throw refuse('have no query and no fragment');
  if (hasToken && url.protocol === 'http:' && !allowInsecureHttp && !LOOPBACK.test(url.hostname)) {
    throw refuse('be https: for a token, or set allowInsecureHttp');
  }
  return url.href.replace(/\/+$/, '');
}
