import { createFetch, ofetch } from 'ofetch';

export function createCloser({ baseUrl, token, fetch }) {
  const client = (fetch ? createFetch({ fetch, Headers, AbortController }) : ofetch).create({
    baseURL: baseUrl,
    headers: { 'X-Auth-Token': token },
    ignoreResponseError: true,
  });
  return async (workspace, session) => {
    const response = await client.raw(
      `/v1/workspaces/${encodeURIComponent(workspace)}/sessions/${encodeURIComponent(session)}`,
      { method: 'DELETE' },
    );
    return response.status;
  };
}
