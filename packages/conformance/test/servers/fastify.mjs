import fastify from 'fastify';
import { announce, endSession, fail, headersOf, isDoubtful } from './store.mjs';

const send = (reply, result) =>
  reply.code(result.status).headers(headersOf(result)).send(result.body);

const app = fastify({
  routerOptions: { maxParamLength: 8192 },
  frameworkErrors: (_error, _request, reply) => send(reply, fail(400, 'not an escape')),
  rewriteUrl: ({ url }) => url.replace(/^http:\/\/[^/]*/, ''),
});
app.addHook('onRequest', async (request, reply) => {
  if (isDoubtful(request.raw)) return send(reply, fail(400, 'which host?'));
});
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

const path = '/v1/workspaces/:workspace/sessions/:id';
app.delete(path, async (request, reply) => {
  const { 'x-auth-token': token, 'content-type': type } = request.headers;
  return send(reply, endSession({ token, ...request.params, body: request.body ?? '', type }));
});
app.route({
  method: app.supportedMethods.filter((method) => method !== 'DELETE'),
  url: path,
  handler: async (_request, reply) => send(reply, fail(405, 'only DELETE')),
});
app.setNotFoundHandler((_request, reply) => send(reply, fail(404, 'no such path')));
app.setErrorHandler((error, _request, reply) =>
  send(reply, fail((error.statusCode ?? 500) < 500 ? 400 : 500, 'not understood')),
);

await app.listen({ port: 0, host: '127.0.0.1' });
announce(`http://127.0.0.1:${app.server.address().port}`);
