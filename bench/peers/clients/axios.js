import axios from 'axios';

export function createCloser({ baseUrl, token, fetch }) {
  const client = axios.create({
    baseURL: baseUrl,
    headers: { 'X-Auth-Token': token },
    validateStatus: null,
    ...(fetch && { adapter: 'fetch', env: { fetch } }),
  });
  return async (workspace, session) => {
    const response = await client.delete(
      `/v1/workspaces/${encodeURIComponent(workspace)}/sessions/${encodeURIComponent(session)}`,
    );
    return response.status;
  };
}
