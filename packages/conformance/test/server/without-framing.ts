import { createServer, type Server } from 'node:net';

const reply = (status: string, code: string) => {
  const body = JSON.stringify({ error_code: code, error_msg: 'written by hand' });
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

/** A server that takes everything up to an empty line for a request and never reads a body. */
export function withoutFraming(): Server {
  return createServer((socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end !== -1; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        if (!head.includes(' ')) continue;
        if (/^\S+ \S*_/.test(head)) socket.write(reply('400 Bad Request', 'hand.0400'));
        else if (head.includes('HTTP/9.9')) socket.write(reply('200 OK', 'hand.0200'));
        else socket.write(reply('404 Not Found', 'hand.0404'));
        if (/Connection: close/.test(head)) socket.end();
      }
    });
  });
}
