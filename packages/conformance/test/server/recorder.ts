import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Recorder extends AsyncDisposable {
  host: string;
  /** What each connection has sent, byte by byte. */
  heard(): string[];
}

/** Takes whatever comes, responds as soon as a request seems to be over, and keeps the bytes. */
export async function startRecorder(): Promise<Recorder> {
  const sockets = new Set<Socket>();
  const heard = new Map<Socket, string>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const text = (heard.get(socket) ?? '') + chunk.toString('latin1');
      heard.set(socket, text);
      const end = text.indexOf('\r\n\r\n');
      const [, length = '0'] = /^content-length: (\d+)\r$/im.exec(text.slice(0, end + 2)) ?? [];
      if (end === -1 || text.length < end + 4 + Number(length)) {
        if (/^expect: 100-continue\r$/im.test(text)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        return;
      }
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard: () => [...heard.values()],
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
