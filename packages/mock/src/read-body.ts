import type { IncomingMessage } from 'node:http';

/** Bytes of a request body that are read; what is longer is refused. The limit is Prism's own. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Reads the whole body as text; null where the request has none, `too large` where it is over the limit. */
export async function readBody(
  request: IncomingMessage,
): Promise<{ text: string } | 'none' | 'too large'> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (length === '0' || (length === undefined && encoding === undefined)) return 'none';
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return 'too large';
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

/** What Prism is given as the body: parsed JSON where the type says JSON and it can be parsed, else the text. */
export function parseBody(text: string, contentType: string | undefined): unknown {
  if (!/^application\/(?:[^;\s]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
