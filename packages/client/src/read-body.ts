import type { UnexpectedReason } from './result.ts';
import { createTimeScope, type TimeScope } from './time-scope.ts';

/** How much of a body that nobody needs is read, so that its connection can be used again. */
const DRAINED = 65_536;
const DRAIN_TIME = 250;

let utf8: TextDecoder | undefined;

/** A part of a body: what streams of the web, of Node and of polyfills give. */
interface Chunks {
  next(): Promise<{ value?: Uint8Array | undefined; done?: boolean | undefined }>;
  return?: (() => unknown) | undefined;
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
): Promise<{ bytes: Uint8Array; reason: UnexpectedReason | undefined }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let reason: UnexpectedReason | undefined;
  const chunks = chunksOf(response);
  const readAll = async (): Promise<typeof reason> => {
    while (size <= limit) {
      const { value } = await chunks.next();
      if (!value) return undefined;
      parts.push(value);
      size += value.length;
    }
    return 'too-large';
  };
  try {
    reason = await scope.race(readAll());
  } catch {
    reason = 'incomplete-body';
  }
  if (reason) (async () => chunks.return?.())().catch(() => undefined);
  return { bytes: join(parts, size), reason };
}

/**
 * Reads what is left of a body that nobody needs: a connection with an unread body is closed. What is long or slow is
 * given up, as is what fails: nothing depends on it.
 */
export async function drain(response: Response, { signal }: TimeScope): Promise<void> {
  if (!response.body || response.headers.get('content-length') === '0') return;
  const scope = createTimeScope(DRAIN_TIME, 'timeout', signal);
  await readBody(response, DRAINED, scope);
  scope.close();
}

/** Decodes a text; what an unknown charset says is read as UTF-8. */
export function decode(bytes: Uint8Array, contentType = ''): string {
  const [, charset] = /charset="?([\w:.-]+)/i.exec(contentType) ?? [];
  if (charset && !/^utf-?8$/i.test(charset)) {
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {}
  }
  utf8 ??= new TextDecoder();
  return utf8.decode(bytes);
}

function chunksOf(response: Response): Chunks {
  const { body } = response;
  const reader = body?.getReader?.();
  if (reader) return { next: () => reader.read(), return: () => reader.cancel() };
  // Node's streams, which some implementations of `fetch` have for a body, iterate; others have no stream at all.
  return body?.[Symbol.asyncIterator]?.() ?? textOf(response);
}

async function* textOf(response: Response): AsyncIterableIterator<Uint8Array> {
  if (response.body !== null) yield new TextEncoder().encode(await response.text());
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
