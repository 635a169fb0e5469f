// Signing requests: the override of `fetch` sees what is sent, attempt by attempt, and adds a signature to it.
import { createHmac } from 'node:crypto';
import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({
  baseUrl: process.env.SERVICE_URL ?? 'https://sql.example.com',
  fetch(url, { headers, ...init }) {
    const date = new Date().toISOString();
    const text = [init.method, new URL(url).pathname, date, init.body ?? ''].join('\n');
    const signature = createHmac('sha256', 'my-secret-key').update(text).digest('hex');
    return fetch(url, {
      ...init,
      headers: { ...headers, 'x-date': date, 'x-signature': signature },
    });
  },
});
const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
console.log(result.ok); // → true
