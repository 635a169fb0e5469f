/** `node openapi-backend.js <contract> <port>`: openapi-backend, which is a library, behind a bare server of Node. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { OpenAPIBackend } from 'openapi-backend';

const [contract, port] = process.argv.slice(2);
const api = new OpenAPIBackend({
  definition: contract,
  quick: true,
  handlers: {
    validationFail: () => api.mockResponseForOperation('closeSession', { code: 400 }),
    notFound: () => ({ status: 404, mock: { error: 'not found' } }),
    notImplemented: ({ operation }) => api.mockResponseForOperation(operation.operationId),
  },
});
await api.init();
createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, 'http://mock');
  const body = await text(request);
  const { status, mock } = await api.handleRequest({
    method: request.method,
    path: pathname,
    query: search,
    headers: request.headers,
    body: body === '' ? undefined : body,
  });
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(mock === undefined ? undefined : JSON.stringify(mock));
}).listen(Number(port), '127.0.0.1');
