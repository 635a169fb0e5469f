import express from 'express';
import { announce, endSession, fail, headersOf, isDoubtful } from './store.mjs';

const app = express();
app.disable('x-powered-by');
app.set('etag', false);

const send = (response, result) => {
  response.status(result.status).set(headersOf(result));
  if (result.body) response.json(result.body);
  else response.end();
};

app.use((request, response, next) => {
  if (isDoubtful(request)) return send(response, fail(400, 'which host?'));
  request.url = request.url.replace(/^http:\/\/[^/]*/, '');
  next();
});
app.use(express.text({ type: () => true }));
const path = '/v1/workspaces/:workspace/sessions/:id';
app.delete(path, (request, response) => {
  const { workspace, id } = request.params;
  const token = request.get('x-auth-token');
  const type = request.get('content-type');
  send(response, endSession({ token, workspace, id, body: request.body || '', type }));
});
app.all(path, (_, response) => send(response, fail(405, 'only DELETE')));
app.use((_, response) => send(response, fail(404, 'no such path')));
// Escapes that cannot be decoded and bodies that cannot be read come here.
app.use((error, _request, response, _next) => {
  const status = error.status >= 400 && error.status < 500 ? 400 : 500;
  send(response, fail(status, 'not understood'));
});

const server = app.listen(0, '127.0.0.1', () =>
  announce(`http://127.0.0.1:${server.address().port}`),
);
