/**
 * A server that does as little as possible, in a process of its own: 404 with the contract's example for a session
 * named `gone`, nothing for one named `held`, 200 without a body for every other. Prints its port and, for each request
 * that it holds, a line; ends with its parent.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { notFound } from '../contract.ts';

const server = createServer((request, response) => {
  request.resume();
  if (request.url?.endsWith('/held')) {
    console.log('held');
  } else if (request.url?.endsWith('/gone')) {
    response.writeHead(404, { 'content-type': 'application/json' }).end(notFound);
  } else {
    response.writeHead(200, { 'content-length': '0' }).end();
  }
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`port ${(server.address() as AddressInfo).port}`);
});
