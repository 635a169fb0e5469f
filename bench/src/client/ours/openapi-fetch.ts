import { createFetchClient } from '@sql-sessions/client/openapi-fetch';
import type { CloserOptions } from '../clients.ts';

export function createCloser(options: CloserOptions) {
  const client = createFetchClient(options);
  return async (workspace_id: string, session_id: string) => {
    const { response } = await client.DELETE(
      '/v1/workspaces/{workspace_id}/sessions/{session_id}',
      {
        params: { path: { workspace_id, session_id } },
      },
    );
    return response.status;
  };
}
