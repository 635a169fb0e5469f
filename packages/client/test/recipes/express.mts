// Express: the service refuses OUR token with 401. The browser must not be told so: an ApiError has no `status` that
// Express would take for its own response, so an error that nobody handles is a 500.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSessionsClient, isApiError, unwrap } from '@sql-sessions/client';
import express from 'express';

const client = createSessionsClient({
  baseUrl: process.env.SERVICE_URL ?? 'https://sql.example.com',
  headers: { prefer: 'code=401' },
});
const app = express();
app.delete('/close/:id', async (request, response) => {
  await unwrap(client.closeSession({ workspace_id: 'w-1', session_id: request.params.id }));
  response.sendStatus(204);
});
app.use((error, request, _response, next) => {
  if (isApiError(error)) console.log(request.method, error.operation, error.httpStatus); // → DELETE closeSession 401
  next(error);
});
process.env.NODE_ENV = 'test';
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const response = await fetch(
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/close/s-1`,
  { method: 'DELETE' },
);
console.log(response.status); // → 500
server.close();
server.closeAllConnections();
