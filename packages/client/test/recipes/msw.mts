// MSW 3: the client calls the global `fetch` of the moment, so that requests can be intercepted.
import { createSessionsClient } from '@sql-sessions/client';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';

const server = setupServer(
  http.delete('https://sql.example.com/v1/workspaces/:workspace/sessions/:session', ({ params }) =>
    params.session === 's-1'
      ? new HttpResponse()
      : HttpResponse.json(
          { error_code: 'common.01000001', error_msg: 'no such session' },
          { status: 404 },
        ),
  ),
);
const client = createSessionsClient({
  baseUrl: 'https://sql.example.com',
  token: 'my-tenant-token',
});
server.listen({ onUnhandledRequest: 'error' });
console.log((await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' })).status); // → 200
console.log((await client.closeSession({ workspace_id: 'w-1', session_id: 's-2' })).status); // → 404
server.use(http.delete('https://sql.example.com/*', () => HttpResponse.error()));
const error = await client
  .closeSession({ workspace_id: 'w-1', session_id: 's-3' }, { maxAttempts: 1 })
  .catch((reason) => reason);
console.log(error.kind); // → connection
server.close();
