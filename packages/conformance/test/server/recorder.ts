import { createServer, type Socket } from 'node:net';
import { listen } from '@sql-sessions/testing/listen';

export interface Recorder extends AsyncDisposable {
  host: string;
  /** What each connection has sent, byte by byte. */
  heard(): string[];
}

/** Takes whatever comes, responds as soon as a request seems to be over, and keeps the bytes. */
export async function startRecorder(): Promise<Recorder> {
  const heard = new Map<Socket, string>();
  const server = createServer((socket) => {
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
  return { ...(await listen(server)), heard: () => [...heard.values()] };
}
