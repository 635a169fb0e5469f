import type { FastifyRequest } from 'fastify';

/** What the log says of a request and of an error. Secrets have a way of turning up in the rest. */
export const logSerializers = {
  /** No header and no query: callers put tokens there, even where none belongs. */
  req: ({ method, url, ip }: FastifyRequest) => ({
    method,
    path: url.split('?', 1)[0]?.slice(0, 200),
    remoteAddress: ip,
  }),
  /** Only what is an error's own: the database client attaches itself to some, with its keys. */
  err: ({ name, message, code, stack = '' }: Error & { code?: string }) => ({
    type: name,
    message,
    code,
    stack,
  }),
};
