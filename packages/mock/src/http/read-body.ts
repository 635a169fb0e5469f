import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** Bytes of a request body that are read; what is longer is refused. The limit is Prism's own. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Its text, and its bytes too where they are not UTF-8. */
export type Body = { text?: string; bytes?: Uint8Array<ArrayBuffer> } | 'too large' | 'broken off';

/** Whether the request says that a body follows. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** Reads a request's body to its end. It never rejects: a client that goes away breaks the body off. */
export function readBody(request: IncomingMessage): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MAX_BODY_BYTES) chunks.push(chunk);
        else resolve('too large');
      })
      .on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ text: bytes.toString('utf8'), ...(!isUtf8(bytes) && { bytes }) });
      })
      .on('error', () => resolve('broken off'))
      .on('close', () => resolve('broken off'));
  });
}
