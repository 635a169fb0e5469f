import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { announce, endSession, fail, headersOf, isDoubtful } from './store.mjs';

const app = new Hono();

const send = (context, result) =>
  result.body
    ? context.json(result.body, result.status, headersOf(result))
    : context.body(null, result.status, headersOf(result));

app.use(async (context, next) =>
  isDoubtful(context.env.incoming) ? send(context, fail(400, 'which host?')) : next(),
);
const path = '/v1/workspaces/:workspace/sessions/:id';
app.delete(path, async (context) => {
  const { workspace, id } = context.req.param();
  const token = context.req.header('x-auth-token');
  const type = context.req.header('content-type');
  const body = await context.req.text();
  return send(context, endSession({ token, workspace, id, body, type }));
});
app.all(path, (context) => send(context, fail(405, 'only DELETE')));
app.notFound((context) => send(context, fail(404, 'no such path')));
app.onError((_, context) => send(context, fail(500, 'something failed')));

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  announce(`http://127.0.0.1:${port}`),
);
