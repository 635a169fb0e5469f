import { refuse } from './request-error.ts';

const LOOPBACK = /^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/;

/** Returns the base URL without a slash at its end. The message never contains the URL: it may hold a password. */
export function checkBaseUrl(
  baseUrl: string | URL,
  hasToken: boolean,
  allowInsecureHttp: boolean,
): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return refuse('baseUrl must be an absolute URL such as https://sql.example.com');
  }
  if (!/^https?:$/.test(url.protocol)) refuse('baseUrl must start with https:// or http://');
  if (url.username || url.password) refuse('baseUrl must hold no user name or password: use token');
  if (/[?#]/.test(url.href)) refuse('baseUrl must have no query and no fragment');
  if (hasToken && url.protocol === 'http:' && !allowInsecureHttp && !LOOPBACK.test(url.hostname)) {
    refuse('baseUrl must be https: for a token, or set allowInsecureHttp');
  }
  return url.href.replace(/\/+$/, '');
}
