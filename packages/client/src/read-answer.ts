import type { Operation } from '@sql-sessions/contract/operations';
import type { Answer, UnexpectedReason } from './client-types.ts';
import { findRequestId } from './headers.ts';
import type { TimeScope } from './time-scope.ts';

/** The longest body that is read, in bytes. */
const MAX_BODY = 65_536;
const SNIPPET = 200;

/**
 * Turns a response into the answer that the contract describes for its status, or into an `unexpected` one.
 * The body is read at most once, never further than {@link MAX_BODY}, and no longer than the scope lasts: a body that
 * stalls does not unsay the status.
 */
export async function readAnswer(
  operation: Operation,
  response: Response,
  attempts: number,
  redact: (text: string) => string,
  scope: TimeScope,
): Promise<Answer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) headers[name] = redact(value);
  const httpStatus = response.status;
  const facts = {
    httpStatus,
    headers,
    requestId: findRequestId(headers),
    attempts,
  };
  const { ok } = response;
  const schemas: Readonly<Record<number, string | null>> = ok
    ? operation.success
    : operation.errors;
  let status = httpStatus;
  // Any 2xx means that it is done; without a body to miss, the documented one stands for it.
  if (ok && !(status in schemas)) status = Number(Object.keys(schemas)[0]);
  const schema = schemas[status];
  if (schema === null) {
    // Where nothing is left to read, cancelling would only cost: as much as a third of the whole call.
    if (headers['content-length'] !== '0') response.body?.cancel().catch(() => undefined);
    return { ok, status, body: undefined, ...facts } as Answer;
  }

  const { text, reason } = await readBody(response, scope);
  const unexpected = (why: UnexpectedReason): Answer => ({
    ok: false,
    status: 'unexpected',
    reason: why,
    snippet: redact(text.replace(/[\s\p{Cc}]+/gu, ' ').trim()).slice(0, SNIPPET),
    ...facts,
  });
  if (schema === undefined) return unexpected('status');
  if (reason) return unexpected(reason);
  if (!text) return unexpected('empty-body');
  if (!/^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')) {
    return unexpected('content-type');
  }
  let body: Record<string, unknown> | null;
  try {
    body = JSON.parse(text, (_, value) => (typeof value === 'string' ? redact(value) : value));
  } catch {
    return unexpected('invalid-body');
  }
  // A gateway's JSON is not the service's: every documented error names a code and a message.
  if (
    typeof body !== 'object' ||
    !body ||
    (!ok && !('error_code' in body && 'error_msg' in body))
  ) {
    return unexpected('invalid-body');
  }
  return { ok, status, body, ...facts } as Answer;
}

async function readBody(
  response: Response,
  scope: TimeScope,
): Promise<{ text: string; reason?: UnexpectedReason }> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  let size = 0;
  try {
    for (;;) {
      const chunk = reader && (await scope.race(reader.read()));
      if (!chunk?.value) return { text: text + decoder.decode() };
      size += chunk.value.length;
      if (size > MAX_BODY) {
        reader?.cancel().catch(() => undefined);
        return { text, reason: 'too-large' };
      }
      text += decoder.decode(chunk.value, { stream: true });
    }
  } catch (error) {
    reader?.cancel().catch(() => undefined);
    if (scope.ended === 'aborted') throw error;
    return { text, reason: 'incomplete-body' };
  }
}
