import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { unescape as decode } from 'node:querystring';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/** Where requests go, and how to get there. */
export interface Endpoint {
  readonly url: URL;
  /** What `Host` says, if it is another one than the URL's. */
  readonly virtualHost?: string | undefined;
  /** Certificate authority, client certificate, whether an unknown certificate is accepted. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized'>;
  /** What commands name in the place of the certificates: files, or variables of the shell. */
  readonly files?: Readonly<Record<string, string>>;
  /** An HTTP proxy, which is asked for a tunnel. */
  readonly proxy?: URL | undefined;
}

/** Opens a connection to the server, over TLS for https. Rejects if there is none, or when the signal says so. */
export async function open({ url, tls, proxy }: Endpoint, signal?: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const port = portOf(url);
  const plain = proxy
    ? await tunnel(proxy, `${url.hostname}:${port}`, signal)
    : await connected(connectPlain({ host, port, signal }), 'connect');
  if (url.protocol !== 'https:') return plain;
  const servername = /^[\d.:]+$/.test(host) ? {} : { servername: host };
  return connected(connectTls({ socket: plain, host, ...servername, ...tls }), 'secureConnect');
}

async function connected<T extends Socket>(socket: T, event: string): Promise<T> {
  try {
    await once(socket, event);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function tunnel(proxy: URL, target: string, signal?: AbortSignal): Promise<Socket> {
  const socket = await connected(
    connectPlain({ host: hostOf(proxy), port: portOf(proxy), signal }),
    'connect',
  ).catch((cause: Error) => {
    throw Object.assign(cause, { message: `the proxy gave no connection: ${cause.message}` });
  });
  const { username, password } = proxy;
  // It takes what is no escape as it is.
  const credentials = Buffer.from(`${decode(username)}:${decode(password)}`);
  const basic =
    username === '' ? '' : `Proxy-Authorization: Basic ${credentials.toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${basic}\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  const line = head.toString('latin1').split('\r\n')[0] ?? '';
  if (/^HTTP\/1\.[01] 200/.test(line)) return socket;
  socket.destroy();
  throw new Error(`the proxy refused the tunnel: ${line.slice(0, 60)}`);
}

export function hostOfRequests({ url, virtualHost }: Endpoint): string {
  return virtualHost ?? url.host;
}

export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}
