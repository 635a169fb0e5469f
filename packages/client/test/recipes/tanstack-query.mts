// TanStack Query: the client retries by itself, so the library's own retries are off.
import { createSessionsClient, unwrap } from '@sql-sessions/client';
import { createFetchClient } from '@sql-sessions/client/openapi-fetch';
import { MutationObserver, QueryClient } from '@tanstack/react-query';
import createQueries from 'openapi-react-query';

const baseUrl = process.env.SERVICE_URL ?? 'https://sql.example.com';
const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false }, mutations: { retry: false } },
});

// A named method is a mutation as it stands; with `unwrap` an error response is the mutation's error.
const client = createSessionsClient({ baseUrl });
const close = new MutationObserver(queryClient, { mutationFn: client.closeSession });
console.log((await close.mutate({ workspace_id: 'w-1', session_id: 's-1' })).status); // → 200
const closeOrFail = new MutationObserver(queryClient, {
  mutationFn: (ids: { workspace_id: string; session_id: string }) =>
    unwrap(client.closeSession(ids)),
});
console.log((await closeOrFail.mutate({ workspace_id: 'w-1', session_id: 's-2' })).ok); // → true

// openapi-react-query stands on the other entry: `$api.useQuery(…)`, `$api.useMutation(…)` in components.
const $api = createQueries(createFetchClient({ baseUrl }));
const options = $api.queryOptions(
  'delete' as never,
  '/v1/workspaces/{workspace_id}/sessions/{session_id}' as never,
  { params: { path: { workspace_id: 'w-1', session_id: '..' } } } as never,
);
const failure = await queryClient.fetchQuery(options).catch((error: Error) => error);
console.log((failure as Error).message.slice(0, 29)); // → closeSession: session_id must
