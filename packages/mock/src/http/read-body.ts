import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from './decode-body.ts';

/** The bytes of a request body as they came, or why they are not there. */
export type Body = Uint8Array<ArrayBuffer> | 'too large' | 'broken off';

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
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', () => resolve('broken off'))
      .on('close', () => resolve('broken off'));
  });
}
