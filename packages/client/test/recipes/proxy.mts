// Through a proxy, with undici's agent. The same works with any dispatcher of undici.
import { createSessionsClient } from '@sql-sessions/client';
import { fetch, ProxyAgent } from 'undici';

const dispatcher = new ProxyAgent(process.env.PROXY_URL ?? 'http://127.0.0.1:8080');
const client = createSessionsClient({
  baseUrl: process.env.SERVICE_URL ?? 'https://sql.example.com',
  token: 'my-tenant-token',
  fetch: (url, init) => fetch(url, { ...init, dispatcher }),
});
const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
console.log(result.ok, result.attempts); // → true 1
await dispatcher.close();
