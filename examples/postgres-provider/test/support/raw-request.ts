import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends bytes as they are and gives all that comes back until the server hangs up. Parts are sent one by one, each
 * after the server has responded to the one before.
 */
export async function rawRequest(url: string, ...parts: string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  for (const [index, part] of parts.entries()) {
    if (index > 0) await once(socket, 'data');
    socket.write(part);
  }
  await once(socket, 'end');
  socket.destroy();
  return received;
}

/** Splits raw HTTP responses with a `content-length` into their parts. */
export function parseResponses(raw: string): { status: number; head: string; body: string }[] {
  const responses = [];
  for (let rest = raw; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
    responses.push({
      status: Number(head.split(' ')[1]),
      head,
      body: rest.slice(end, end + length),
    });
    rest = rest.slice(end + length);
  }
  return responses;
}
