import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopback } from '@sql-sessions/contract/loopback';
import { parseUrl } from '../http/parse-url.ts';

export interface Access {
  /** Names of hosts beside those of this machine, such as `mock.test`. */
  readonly hosts: readonly (string | undefined)[];
  /** Origins of pages beside those of this machine, such as `https://preview.example`; `*` for all. */
  readonly origins: readonly (string | undefined)[];
}

/** The name of a host as URLs have it, whatever port is written with it; undefined where it is none. */
export function hostOf(text: string): string | undefined {
  const url = parseUrl(`http://${text}`);
  return url?.href === `http://${url?.host}/` && !/[^\w.:[\]-]/.test(url.hostname)
    ? url.hostname
    : undefined;
}

/** An origin as browsers send it, or `*`; undefined where it is neither. */
export function originOf(text: string): string | undefined {
  if (text === '*' || text === 'null') return text;
  const url = parseUrl(text);
  const origin = `${url?.protocol}//${url?.host}`;
  return url?.host && url.href.replace(/\/$/, '') === origin ? origin : undefined;
}

/**
 * Whether the control API may be called: with a name of this machine or an IP address as `Host` (a name of elsewhere that
 * leads here is DNS rebinding), and from pages of this machine or of the mock itself.
 * @returns what is foreign; undefined where nothing is
 */
export function foreignPart(
  { hosts, origins }: Access,
  { host, origin }: IncomingHttpHeaders,
): 'host' | 'origin' | undefined {
  const name = parseUrl(`http://${host}`)?.hostname ?? '';
  const isIp = isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  if (host !== undefined && !isIp && !isLoopback(name) && !hosts.includes(name)) return 'host';
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return undefined;
  const url = parseUrl(origin);
  return url && (isLoopback(url.hostname) || url.host === host) ? undefined : 'origin';
}
