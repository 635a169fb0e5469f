import type { Operation } from '@sql-sessions/contract/operations';
import { createQuerySerializer, defaultPathSerializer } from 'openapi-fetch';
import type { RequestParameters } from './check-parameters.ts';

const serializeQuery = /* @__PURE__ */ createQuerySerializer();

/** What `fetch` and `Request` take. */
export type RequestArguments = [url: string, init: RequestInit];

/** Returns what makes the request of a call, anew for each attempt. openapi-fetch writes the URL. */
export function buildRequest(
  baseUrl: string,
  operation: Operation,
  { path, query, header }: RequestParameters,
  body: unknown,
): (token: string | undefined, signal: AbortSignal) => RequestArguments {
  const search = serializeQuery(query);
  const url = baseUrl + defaultPathSerializer(operation.path, path) + (search && `?${search}`);
  const headers = new Headers({ accept: 'application/json', ...header });
  const init: RequestInit = {
    method: operation.method,
    headers,
    // Redirects come back as they are, so that they can be refused: the token must not follow them.
    redirect: 'manual',
  };
  // Where the contract requires no body none is sent, whatever the caller passed.
  if (operation.body !== null) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(body);
  }
  return (token, signal) => {
    if (token !== undefined) headers.set('X-Auth-Token', token);
    return [url, { ...init, signal }];
  };
}
