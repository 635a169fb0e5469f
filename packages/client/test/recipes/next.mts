// Next.js replaces the global `fetch` on the server. The client calls it with a URL and plain options, as Next.js expects;
// in a route handler or an action nothing else is needed.
import { createSessionsClient } from '@sql-sessions/client';
import { patchFetch } from 'next/dist/server/lib/patch-fetch.js';

patchFetch({
  workAsyncStorage: { getStore: () => undefined },
  workUnitAsyncStorage: { getStore: () => undefined },
} as never);
const client = createSessionsClient({
  baseUrl: process.env.SERVICE_URL ?? 'https://sql.example.com',
});
const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
console.log('__nextPatched' in fetch, result.ok); // → true true
