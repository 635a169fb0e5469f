import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';

// It knows signatures only. A credential of our own puts the token in their place.
function tokenCredential(token) {
  return {
    getAk: () => undefined,
    getSk: () => undefined,
    processAuthParams: async () => tokenCredential(token),
    processAuthRequest: async (_client, request) => {
      request.headers = { ...request.headers, 'X-Auth-Token': token };
      return request;
    },
  };
}

export function createCloser({ baseUrl, token, fetch }) {
  const client = new ClientBuilder((each) => each, '')
    .withEndpoint(baseUrl)
    .withCredential(tokenCredential(token))
    .build();
  return async (workspace_id, session_id) => {
    const response = await client.sendRequest({
      url: '/v1/workspaces/{workspace_id}/sessions/{session_id}',
      method: 'DELETE',
      contentType: 'application/json',
      headers: {},
      pathParams: { workspace_id, session_id },
      queryParams: {},
      axiosRequestConfig: {
        validateStatus: null,
        ...(fetch && { adapter: 'fetch', env: { fetch } }),
      },
    });
    return response.httpStatusCode;
  };
}
