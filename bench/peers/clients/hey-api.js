import { createClient, createConfig } from '../dist/hey-api/client/index.ts';
import { closeSession } from '../dist/hey-api/sdk.gen.ts';

export function createCloser({ baseUrl, token, fetch }) {
  const client = createClient(
    createConfig({ baseUrl, auth: () => token, ...(fetch && { fetch }) }),
  );
  return async (workspace_id, session_id) => {
    const { response } = await closeSession({ client, path: { workspace_id, session_id } });
    return response.status;
  };
}
