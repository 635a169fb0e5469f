import { type IncomingMessage, METHODS } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { guardConnections } from './connection-guard.ts';
import { addContractRoutes } from './contract-routes.ts';
import { logSerializers } from './log-serializers.ts';
import { parseBody } from './parse-body.ts';
import { refusalOf } from './refusal.ts';
import { sendStatus } from './send-status.ts';
import { openSessionDatabase } from './session-database.ts';
import type { Tokens } from './tokens.ts';

export interface ProviderOptions {
  /** Connection string of a login role that may `SET ROLE` to the role of every workspace. */
  databaseUrl: string;
  tokens: Tokens;
  /** Milliseconds for a whole call, after which the response is 408. Default: 5,000. */
  closeTimeout?: number;
  /** Milliseconds that the database has for each step: to let us in, to carry out a statement. Default: 5,000. */
  databaseTimeout?: number;
  /** Database connections, all of them open from the start. Default: 10. */
  poolSize?: number;
  /** Milliseconds that a request may take to arrive, its header half of them. Default: 10,000. */
  requestTimeout?: number;
  /** One JSON object per line. Default: level `info` to the standard output. */
  log?: { level?: string; stream?: { write(line: string): void } };
}

/** Bytes of a request body at most; the only body the contract knows is `{ }`. */
const BODY_LIMIT = 1024;

/**
 * The server, ready to `listen()`.
 * @throws StartError if the database is not usable.
 */
export async function createProvider({
  databaseUrl,
  tokens,
  closeTimeout = 5000,
  databaseTimeout = 5000,
  poolSize = 10,
  requestTimeout = 10_000,
  log = {},
}: ProviderOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: 'info', ...log, serializers: logSerializers },
    bodyLimit: BODY_LIMIT,
    requestTimeout,
    http: {
      headersTimeout: requestTimeout / 2,
      connectionsCheckingInterval: requestTimeout / 10,
      // Node's own response to a missing Host is empty; the hook below sends one in the contract's shape.
      requireHostHeader: false,
    },
    routerOptions: {
      // That an id is too long is for the contract's schema to say.
      maxParamLength: Number.MAX_SAFE_INTEGER,
    },
    // A request line may hold the whole URL (RFC 9112, 3.2.2).
    rewriteUrl: ({ url = '' }) => url.replace(/^https?:\/\/[^/?]*/i, '') || '/',
    // While the server closes, a request on a connection that is still busy gets its response like any other.
    return503OnClosing: false,
    frameworkErrors: (_error, { headers }, reply) =>
      sendStatus(reply, refusalOf(tokens, headers) ?? 400),
    clientErrorHandler: (error, socket) => onClientError(error, socket),
  });
  const onClientError = guardConnections(app);

  for (const method of METHODS) {
    if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, parseBody);

  app.addHook('onRequest', async (request, reply) => {
    const { allow } = request.routeOptions.config;
    if (!hasItsHost(request.raw)) return sendStatus(reply, 400);
    if (request.is404) return sendStatus(reply, 404);
    if (allow !== undefined) return sendStatus(reply.header('allow', allow), 405);
    const status = refusalOf(tokens, request.headers);
    if (status !== undefined) return sendStatus(reply, status);
  });
  app.setErrorHandler((error: { statusCode?: number }, request, reply) => {
    if ((error.statusCode ?? 500) < 500) return sendStatus(reply, 400);
    request.log.error({ err: error }, 'failed');
    return sendStatus(reply, 500);
  });

  const database = await openSessionDatabase({
    url: databaseUrl,
    workspaces: [...new Set([...tokens.values()].flatMap(({ workspaces }) => workspaces))],
    closeTimeout,
    databaseTimeout,
    poolSize,
    log: app.log,
  });
  app.addHook('onClose', () => database.end());
  addContractRoutes(app, { tokens, database });
  return app;
}

/** One Host in HTTP/1.1, where Node takes the first of several; at most one before (RFC 9112, 3.2). */
function hasItsHost({ httpVersion, headersDistinct }: IncomingMessage): boolean {
  const hosts = headersDistinct.host?.length ?? 0;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}
