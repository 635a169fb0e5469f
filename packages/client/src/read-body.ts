import type { UnexpectedReason } from './result.ts';
import { createTimeScope, type TimeScope } from './time-scope.ts';

/** How much of a body that nobody needs is read, so that its connection can be used again. */
const DRAINED = 65_536;
const DRAIN_TIME = 250;
const UTF8 = new TextDecoder();

/** The parts of a body, which streams of the web, of Node and of polyfills give. */
interface Chunks {
  next(): Promise<{ value?: unknown; done?: boolean | undefined }>;
  /** Gives up what has not been read. */
  cancel(): unknown;
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
      const { value, done } = await chunks.next();
      if (done) return undefined;
      const isText = typeof value === 'string';
      const bytes = isText ? new TextEncoder().encode(value) : (value as Uint8Array | ArrayBuffer);
      const part = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
      parts.push(part);
      size += part.length;
    }
    return 'too-large';
  };
  try {
    reason = await scope.race(readAll());
  } catch {
    reason = 'incomplete-body';
  }
  if (reason) (async () => chunks.cancel())().catch(() => undefined);
  return { bytes: join(parts, size), reason };
}

/**
 * Reads what is left of a body that nobody needs: a connection with an unread body is closed. What is long or slow is
 * given up, as is what fails: nothing depends on it.
 */
export async function drain(response: Response, { signal }: TimeScope): Promise<void> {
  if (!response.body || response.headers.get('content-length') === '0') return;
  const scope = createTimeScope(DRAIN_TIME, 'timeout', signal);
  try {
    await readBody(response, DRAINED, scope);
  } finally {
    scope.close();
  }
}

/** Decodes a text; what an unknown charset says is read as UTF-8. */
export function decode(bytes: Uint8Array, contentType: string): string {
  const [, charset] = /charset="?([\w:.-]+)/i.exec(contentType) ?? [];
  try {
    return (charset ? new TextDecoder(charset) : UTF8).decode(bytes);
  } catch {
    return UTF8.decode(bytes);
  }
}

function chunksOf(response: Response): Chunks {
  const body = response.body as (Response['body'] & { destroy?(): object }) | null;
  const reader = body?.getReader?.();
  if (reader) return { next: () => reader.read(), cancel: () => reader.cancel() };
  // Node's streams, which some implementations of `fetch` have for a body, iterate; others have no stream at all.
  const chunks = body?.[Symbol.asyncIterator]?.() ?? textOf(response);
  // An iterator that waits for a part cannot be ended.
  return { next: () => chunks.next(), cancel: () => body?.destroy?.() ?? chunks.return?.() };
}

async function* textOf(response: Response): AsyncIterableIterator<string> {
  if (response.body !== null) yield await response.text();
}

function join(parts: Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
