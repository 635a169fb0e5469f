import { isLoopback } from '@sql-sessions/contract/loopback';
import { KitError } from '../kit-error.ts';

/** Reads the base URL. The run sends DELETEs, so a server elsewhere has to be allowed in so many words. */
export function toTarget(value: string | URL, allowRemote: boolean): URL {
  const url = URL.parse(String(value));
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new KitError(
      'input',
      `--base-url is ${JSON.stringify(String(value))}: expected the URL of a server, such as http://127.0.0.1:8080.`,
    );
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new KitError(
      'input',
      '--base-url has a query, a fragment or a password in it: expected scheme, host, port and path only.',
    );
  }
  if (!allowRemote && !isLoopback(url.hostname)) {
    throw new KitError(
      'input',
      `${url.host} is not this machine, and the kit sends DELETEs, malformed requests and bursts. Ask its owner, then add --allow-remote.`,
    );
  }
  return url;
}
