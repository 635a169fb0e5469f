import ky from 'ky';

export function createCloser({ baseUrl, token, fetch }) {
  const client = ky.create({
    prefix: baseUrl,
    headers: { 'X-Auth-Token': token },
    throwHttpErrors: false,
    ...(fetch && { fetch }),
  });
  return async (workspace, session) => {
    const response = await client.delete(
      `v1/workspaces/${encodeURIComponent(workspace)}/sessions/${encodeURIComponent(session)}`,
    );
    if (response.ok) await response.text();
    else await response.json();
    return response.status;
  };
}
