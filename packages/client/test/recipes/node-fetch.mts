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
if (result.status === 404) console.log(result.body.error_code, result.attempts); // → common.01000001 1
