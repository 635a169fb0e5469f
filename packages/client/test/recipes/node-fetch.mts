// With node-fetch, whose bodies are streams of Node.
import { createSessionsClient } from '@sql-sessions/client';
import fetch from 'node-fetch';

const client = createSessionsClient({
  baseUrl: process.env.SERVICE_URL ?? 'https://sql.example.com',
  token: 'my-tenant-token',
  headers: { prefer: 'code=404' },
  fetch,
});
const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
console.log(result.status, result.attempts); // → 404 1
