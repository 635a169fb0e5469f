/**
 * Node's HTTP server. An import of `node:http` reads all that it exports, also what is only there for clients and
 * takes as long to load as our own code does.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');
