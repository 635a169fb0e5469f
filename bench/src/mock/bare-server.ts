/** Sends one response to whatever comes. Arguments: the port, and the response (headers and body as JSON, in base64url). */
import { createServer } from 'node:http';

const [port, response = ''] = process.argv.slice(2);
const { headers, body } = JSON.parse(Buffer.from(response, 'base64url').toString()) as {
  headers: Record<string, string>;
  body: string;
};
// Node adds these itself, as it does for the mock.
for (const name of ['date', 'connection', 'keep-alive']) delete headers[name];
createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(body);
}).listen(Number(port), '127.0.0.1');
