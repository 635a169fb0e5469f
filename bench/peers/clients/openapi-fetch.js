import createClient from 'openapi-fetch';

export function createCloser({ baseUrl, token, fetch }) {
  const client = createClient({ baseUrl, headers: { 'X-Auth-Token': token }, fetch });
  return async (workspace_id, session_id) => {
    const { response } = await client.DELETE(
      '/v1/workspaces/{workspace_id}/sessions/{session_id}',
      { params: { path: { workspace_id, session_id } } },
    );
    return response.status;
  };
}
