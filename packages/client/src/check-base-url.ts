import { isLoopback } from '@sql-sessions/contract/loopback';
import { refuse } from './request-error.ts';

/** Returns the base URL without a slash at its end. The message never contains the URL: it may hold a password. */
export function checkBaseUrl(
  baseUrl: string | URL,
  hasToken: boolean,
  allowInsecureHttp: boolean,
): string {
  let url: Partial<URL> = {};
  try {
    url = new URL(baseUrl);
  } catch {}
  const { protocol, username, password, href, hostname } = url;
  const check = (holds: unknown, rule: string) => holds || refuse(`baseUrl must ${rule}`);
  check(href, 'be an absolute URL such as https://sql.example.com');
  check(/^https?:$/.test(`${protocol}`), 'start with https:// or http://');
  check(!username && !password, 'hold no user name or password: use token');
  check(!/[?#]/.test(`${href}`), 'have no query and no fragment');
  const isSafe = protocol !== 'http:' || allowInsecureHttp || isLoopback(`${hostname}`);
  check(!hasToken || isSafe, 'be https: for a token, or set allowInsecureHttp');
  return `${href}`.replace(/\/+$/, '');
}
