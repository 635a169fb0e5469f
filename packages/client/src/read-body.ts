import type { UnexpectedReason } from './result.ts';
import type { TimeScope } from './time-scope.ts';

/** How much of a body that nobody needs is read, so that its connection can be used again. */
const DRAINED = 65_536;
const DRAIN_TIME = 250;

const utf8 = /* @__PURE__ */ new TextDecoder();

/** A part of a body: what streams of the web, of Node and of polyfills give. */
interface Chunks {
  next(): Promise<{ value?: Uint8Array | undefined; done?: boolean | undefined }>;
  stop(): void;
}

/**
 * Reads a body, never further than `limit` bytes and no longer than the scope lasts.
 *
 * @returns the bytes, and why they are not all
 */
export async function readBody(
  response: Response,
  limit: number,
  scope: TimeScope,
): Promise<{ bytes: Uint8Array; reason?: UnexpectedReason }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let chunks: Chunks | undefined;
  try {
    chunks = chunksOf(response);
    for (;;) {
      const { value } = await scope.race(chunks.next());
      if (!value) return { bytes: join(parts, size) };
      parts.push(value);
      size += value.length;
      if (size > limit) break;
    }
  } catch {
    chunks?.stop();
    return { bytes: join(parts, size), reason: 'incomplete-body' };
  }
  chunks.stop();
  return { bytes: join(parts, size), reason: 'too-large' };
}

/**
 * Reads what is left of a body that nobody needs: a connection with an unread body is closed. What is long or slow is
 * given up, as is what fails: nothing depends on it.
 */
export async function drain(response: Response, scope: TimeScope): Promise<void> {
  if (!response.body || response.headers.get('content-length') === '0') return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, DRAIN_TIME);
  });
  const race: TimeScope['race'] = (promise) => Promise.race([scope.race(promise), late]);
  await readBody(response, DRAINED, { ...scope, race });
  clearTimeout(timer);
}

/** Decodes a text; what an unknown charset says is read as UTF-8. */
export function decode(bytes: Uint8Array, contentType = ''): string {
  const [, charset] = /charset="?([\w:.-]+)/i.exec(contentType) ?? [];
  if (charset && !/^utf-?8$/i.test(charset)) {
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {}
  }
  return utf8.decode(bytes);
}

function chunksOf(response: Response): Chunks {
  // Node's streams, which some implementations of `fetch` have for a body, iterate; others have no stream at all.
  const body = response.body as (ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) | null;
  if (typeof body?.getReader === 'function') {
    const reader = body.getReader();
    return {
      next: () => reader.read(),
      stop: () => void reader.cancel().catch(() => undefined),
    };
  }
  if (body?.[Symbol.asyncIterator]) {
    const iterator = body[Symbol.asyncIterator]();
    return {
      next: () => iterator.next(),
      stop: () => void iterator.return?.()?.catch(() => undefined),
    };
  }
  let whole: Promise<Uint8Array | undefined> | undefined =
    response.body === null
      ? undefined
      : typeof response.arrayBuffer === 'function'
        ? response.arrayBuffer().then((buffer) => new Uint8Array(buffer))
        : response.text().then((text) => new TextEncoder().encode(text));
  return {
    async next() {
      const value = await whole;
      whole = undefined;
      return { value };
    },
    stop: () => undefined,
  };
}

function join(parts: Uint8Array[], size: number): Uint8Array {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
