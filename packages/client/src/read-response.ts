import type { Operation } from '@sql-sessions/contract/operations';
import { essenceOf } from './headers.ts';
import { decode, drain, readBody } from './read-body.ts';
import type { Redactor } from './redact.ts';
import type { UnexpectedReason } from './result.ts';
import type { TimeScope } from './time-scope.ts';

const ERROR_LIMIT = 65_536;
const SNIPPET = 200;

/** What came of reading a response; `status` is the key in the contract. */
export type Reading = { readonly content: Uint8Array | string | undefined } & (
  | { readonly ok: boolean; readonly status: number | string; readonly body: unknown }
  | {
      readonly ok: false;
      readonly status: 'unexpected';
      readonly reason: UnexpectedReason;
      readonly snippet: string;
    }
);

/**
 * Reads what the contract describes for the status of a response. The body is read at most once and no longer than the
 * scope lasts: a body that stalls does not unsay the status.
 *
 * @param limit bytes of a success that are read at most
 */
export async function readResponse(
  { responses, method }: Operation,
  response: Response,
  limit: number,
  redactor: Redactor,
  scope: TimeScope,
): Promise<Reading> {
  const { status: httpStatus } = response;
  const ok = httpStatus > 199 && httpStatus < 300;
  const key = findKey(Object.keys(responses), `${httpStatus}`, ok);
  const readers = key === undefined ? undefined : responses[key];
  const status = Number(key) || (key ?? '');
  const done = (body?: unknown, content?: Uint8Array | string): Reading => ({
    ok,
    status,
    body,
    content,
  });
  const contentType = response.headers.get('content-type') ?? '';
  const type = essenceOf(contentType);
  const nothing = method === 'HEAD' || (readers && Object.keys(readers).length === 0);
  // A page where nothing is documented is not the service's.
  if (nothing && key !== undefined && (type !== 'text/html' || method === 'HEAD')) {
    await drain(response, scope);
    return done();
  }

  const { bytes, reason } = await readBody(response, ok ? limit : ERROR_LIMIT, scope);
  const unexpected = (why: UnexpectedReason): Reading => {
    const content = redactor.text(decode(bytes, contentType), true);
    const snippet = content
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, SNIPPET);
    return { ok: false, status: 'unexpected', reason: why, snippet, content };
  };
  if (!readers) return unexpected('status');
  if (reason) return unexpected(reason);
  const documented = [type, type.replace(/\/.*/, '/*'), '*/*'].find((one) =>
    Object.hasOwn(readers, one),
  );
  const reader = readers[documented ?? ''];
  if (nothing && bytes.length === 0) return done();
  if (bytes.length === 0 && (!reader || reader.as === 'json')) return unexpected('empty-body');
  if (!reader) return unexpected('content-type');
  if (reader.as === 'binary') return done(bytes, bytes);
  const text = decode(bytes, contentType);
  let safe = redactor.text(text);
  if (reader.as === 'text') return done(safe, safe);
  let body: unknown;
  try {
    const isClean = safe === text;
    body = JSON.parse(text, isClean ? undefined : redactor.member);
    if (!isClean) safe = JSON.stringify(body);
  } catch {
    // One that is nested too deeply is not looked through.
    return unexpected('invalid-body');
  }
  const { required } = reader;
  // A gateway's JSON is not the service's: a documented error has the members that it must have.
  if (
    required &&
    (Object(body) !== body ||
      Array.isArray(body) ||
      (!ok && required.some((name) => !(name in (body as object)))))
  ) {
    return unexpected('invalid-body');
  }
  return done(body, safe);
}

/** The response that documents a status. Any 2xx means that it is done: a documented one stands for it. None is from 600 on. */
function findKey(keys: readonly string[], status: string, ok: boolean): string | undefined {
  const success = ok && keys.find((key) => key.startsWith('2'));
  return [status, `${status[0]}XX`, success, status < '600' && 'default'].find((key) =>
    keys.includes(`${key}`),
  ) as string | undefined;
}
