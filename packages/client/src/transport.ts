import createOpenapiFetch from 'openapi-fetch';
import type { RequestParameters } from './check-parameters.ts';

/** The part of openapi-fetch that is used: it builds the request, `fetch` does the rest. */
export type Transport = (
  method: string,
  path: string,
  init: {
    params: RequestParameters;
    body?: unknown;
    fetch: (request: Request) => Promise<Response>;
  },
) => Promise<unknown>;

export function createTransport(baseUrl: string): Transport {
  // Redirects come back as they are, so that they can be refused: the token must not follow them.
  return createOpenapiFetch({ baseUrl, redirect: 'manual' }).request as unknown as Transport;
}
