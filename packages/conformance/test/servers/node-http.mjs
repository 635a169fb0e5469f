import { createServer } from 'node:http';
import { announce, endSession, fail, headersOf, isDoubtful } from './store.mjs';

const PATH = /^\/v1\/workspaces\/([^/]+)\/sessions\/([^/]+)$/;

const server = createServer({ requireHostHeader: false }, async (request, response) => {
  let body = '';
  try {
    for await (const chunk of request) body += chunk;
  } catch {
    // The caller hung up, or its body was not HTTP.
    return response.destroy();
  }
  const result = route(request, body);
  response.writeHead(result.status, {
    ...(result.body && { 'Content-Type': 'application/json' }),
    ...headersOf(result),
  });
  response.end(result.body && JSON.stringify(result.body));
});

function route(request, body) {
  if (isDoubtful(request)) return fail(400, 'which host?');
  const path = request.url.replace(/^http:\/\/[^/]*/, '').split('?')[0];
  const ids = PATH.exec(path);
  if (!ids) return fail(404, 'no such path');
  if (request.method !== 'DELETE') return fail(405, 'only DELETE');
  let decoded;
  try {
    decoded = ids.map(decodeURIComponent);
  } catch {
    return fail(400, 'not an escape');
  }
  const [, workspace, id] = decoded;
  const { 'x-auth-token': token, 'content-type': type } = request.headers;
  return endSession({ token, workspace, id, body, type });
}

server.listen(0, '127.0.0.1', () => announce(`http://127.0.0.1:${server.address().port}`));
