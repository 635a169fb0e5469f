import type { MockResponse } from './message.ts';

/** A response that the mock makes on its own, because the contract has none for the request. */
export interface Problem {
  status: number;
  /** Short name of the case; it is sent as the header `X-Mock-Error` and ends the problem's `type`. */
  name: string;
  title: string;
  /** What was wrong and what to do. */
  detail: string;
  headers?: Record<string, string>;
}

/** Writes a problem as `application/problem+json` (RFC 9457), marked as the mock's own by `X-Mock-Error`. */
export function problemResponse({ status, name, title, detail, headers }: Problem): MockResponse {
  const type = `urn:sql-sessions:mock:${name}`;
  return {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'x-mock-error': name },
    body: JSON.stringify({ type, title, status, detail }),
  };
}
