export function createCloser({ baseUrl, token, fetch = globalThis.fetch }) {
  return async (workspace, session) => {
    const response = await fetch(
      `${baseUrl}/v1/workspaces/${encodeURIComponent(workspace)}/sessions/${encodeURIComponent(session)}`,
      { method: 'DELETE', headers: { 'X-Auth-Token': token } },
    );
    const text = await response.text();
    if (!response.ok) JSON.parse(text);
    return response.status;
  };
}
