// React Native: its `fetch` follows redirects whatever it is told, and has no streams. A redirect that was followed is
// refused as soon as the response is there; by then the headers have gone along, the token among them. So `baseUrl` has
// to be the final URL. The runtime needs `TextEncoder` and `TextDecoder`, by a polyfill if need be. Without streams a body is read whole before its size is known: `maxResponseBytes` saves no memory.
import { createSessionsClient, isRequestError } from '@sql-sessions/client';

/** A `fetch` as React Native has it. */
async function nativeFetch(url: string, init: object): Promise<object> {
  const {
    status,
    headers,
    url: final,
    ...response
  } = await fetch(url, { ...init, redirect: 'follow' }).then(async (one) => ({
    status: one.status,
    headers: one.headers,
    url: one.url,
    body: await one.text(),
  }));
  return { status, headers, url: final, text: async () => response.body };
}

const service = process.env.SERVICE_URL ?? 'https://sql.example.com';
const client = createSessionsClient({ baseUrl: service, fetch: nativeFetch });
console.log((await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' })).ok); // → true

const moved = createSessionsClient({
  baseUrl: process.env.MOVED_URL ?? service,
  fetch: nativeFetch,
});
const error = await moved
  .closeSession({ workspace_id: 'w-1', session_id: 's-1' })
  .catch((reason) => reason);
console.log(isRequestError(error) && error.kind); // → redirect
