import type { MockRequest } from './message.ts';

/** Bytes of a decoded request body; what is longer is refused. The limit is Prism's own. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** What every platform decodes by itself. `br` and `zstd` are not in all of them. */
const FORMATS: Record<string, 'gzip' | 'deflate'> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};

type DecodedBody = Pick<MockRequest, 'text' | 'bytes' | 'encoded' | 'undecoded'>;

/** The body of a request as its `Content-Encoding` says (RFC 9110, 8.4): its text, its bytes where they are not UTF-8. */
export async function decodeBody(
  sent: Uint8Array<ArrayBuffer>,
  contentEncoding = '',
): Promise<DecodedBody> {
  let bytes = sent;
  const codings = contentEncoding.toLowerCase().split(/[\s,]+/);
  for (const coding of codings.filter((one) => one !== '' && one !== 'identity').reverse()) {
    const format = FORMATS[coding];
    if (!format) {
      return undecoded(
        'unsupported-type',
        `in the content coding ${coding}; the mock decodes gzip and deflate`,
      );
    }
    const decoded = await decompress(bytes, format);
    if (typeof decoded === 'string') return undecoded('invalid', `${decoded} (${coding})`);
    bytes = decoded;
  }
  const encoded = bytes === sent ? {} : { encoded: sent };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, ...encoded };
  } catch {
    return { text: new TextDecoder().decode(bytes), bytes, ...encoded };
  }

  function undecoded(kind: 'unsupported-type' | 'invalid', reason: string): DecodedBody {
    const text = new TextDecoder().decode(sent);
    return { text, bytes: sent, undecoded: { kind, reasons: [`Request body ${reason}`] } };
  }
}

/** What is inside, or why it cannot be had. No more is kept than the limit, whatever it would become. */
async function decompress(
  bytes: Uint8Array<ArrayBuffer>,
  format: 'gzip' | 'deflate',
): Promise<Uint8Array<ArrayBuffer> | string> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MAX_BODY_BYTES) {
        await reader.cancel();
        return `is larger than ${MAX_BODY_BYTES} bytes`;
      }
      chunks.push(value);
    }
  } catch {
    return 'is not what its Content-Encoding says';
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
