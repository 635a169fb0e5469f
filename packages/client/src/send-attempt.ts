import { findRequestId, retryAfterOf } from './headers.ts';
import { kindOf } from './network-failure.ts';
import type { Fetch, FetchInit } from './options.ts';
import type { Plan } from './plan-request.ts';
import { readBody } from './read-body.ts';
import { type Reading, readResponse } from './read-response.ts';
import type { Redactor } from './redact.ts';
import type { RequestErrorKind } from './request-error.ts';
import type { ResultBase } from './result.ts';
import type { TimeScope } from './time-scope.ts';

/** A response, read. */
export type Exchange = ResultBase & Reading & { readonly statusText: string };

/** What came of an attempt: a response, or the reason why there is none. */
export type AttemptEnd =
  | { readonly exchange: Exchange; readonly kind?: undefined; readonly cause?: unknown }
  | { readonly exchange?: undefined; readonly kind: RequestErrorKind; readonly cause?: unknown };

/** Sends one request and reads what comes back. Never rejects: the absence of a response is an end as well. */
export async function sendAttempt(
  plan: Plan,
  attempts: number,
  send: Fetch,
  init: FetchInit,
  limit: number,
  redactor: Redactor,
  scope: TimeScope,
): Promise<AttemptEnd> {
  let response: Response;
  try {
    response = (await scope.race(send(plan.url, init))) as Response;
  } catch (cause) {
    return scope.ended ? { kind: scope.ended } : { kind: kindOf(cause), cause };
  }
  // From here on nothing is sent again because of what the caller's `fetch` does.
  try {
    if (response?.type === 'opaqueredirect') {
      return {
        kind: 'redirect',
        cause: new Error('This runtime hides redirects.'),
      };
    }
    const { status } = response;
    // What `Response.error()` makes.
    if (status === 0) return { kind: 'connection' };
    if (!Number.isInteger(status) || typeof response.headers.forEach !== 'function') {
      return { kind: 'fetch', cause: new TypeError('fetch must resolve to a Response.') };
    }
    const { operation, path } = plan;
    if (isFollowed(response, plan.url) || isRefusedRedirect(status, operation.responses)) {
      // Nothing of it is read, and its connection is closed.
      await readBody(response, -1, scope);
      return { kind: 'redirect' };
    }
    const headers: Record<string, string> = {};
    response.headers.forEach((value, name) => {
      const lower = name.toLowerCase();
      // `Set-Cookie` comes once for each of its values.
      headers[lower] = redactor.text(headers[lower] ? `${response.headers.get(name)}` : value);
    });
    const reading = await readResponse(operation, response, limit, redactor, scope);
    if (scope.ended === 'aborted') return { kind: 'aborted' };
    return {
      exchange: {
        ...reading,
        operation: operation.id,
        method: operation.method,
        path: redactor.text(path),
        httpStatus: status,
        statusText: redactor.text(response.statusText ?? ''),
        headers,
        requestId: findRequestId(headers),
        retryAfter: retryAfterOf(headers, Date.now()),
        attempts,
      },
    };
  } catch (cause) {
    return { kind: 'fetch', cause };
  }
}

/** Where `redirect: 'manual'` means nothing, as in React Native, the redirect has been followed by now. */
function isFollowed({ redirected, url }: Response, sent: string): boolean {
  if (typeof redirected === 'boolean') return redirected;
  return !!url && url !== sent && url !== new URL(sent).href;
}

function isRefusedRedirect(status: number, documented: object): boolean {
  return /^30[12378]$/.test(`${status}`) && !(status in documented || '3XX' in documented);
}
