/** `node scalar.js <contract> <port>`: Scalar's mock server, which is a library, behind Hono's server for Node. */
import { readFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { createMockServer } from '@scalar/mock-server';

const [contract, port] = process.argv.slice(2);
const app = await createMockServer({
  document: JSON.parse(await readFile(contract, 'utf8')),
  logger: false,
});
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' });
