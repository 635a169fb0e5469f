// A trace id of its own for each call (W3C Trace Context), and the same one in the log.
import { randomBytes } from 'node:crypto';
import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({
  baseUrl: process.env.SERVICE_URL ?? 'https://sql.example.com',
});

async function close(workspace_id: string, session_id: string) {
  const trace = randomBytes(16).toString('hex');
  const traceparent = `00-${trace}-${randomBytes(8).toString('hex')}-01`;
  const result = await client.closeSession(
    { workspace_id, session_id },
    { headers: { traceparent } },
  );
  return { trace: trace.length, ok: result.ok };
}
console.log(JSON.stringify(await close('w-1', 's-1'))); // → {"trace":32,"ok":true}
