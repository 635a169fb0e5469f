import type { FastifyBodyParser } from 'fastify';

/** JSON under its own media type, or nothing at all; everything else is the caller's mistake. */
export const parseBody: FastifyBodyParser<string> = (request, text, done) => {
  if (text === '') return done(null, undefined);
  try {
    if (request.mediaType !== 'application/json') throw new TypeError('not application/json');
    done(null, JSON.parse(text));
  } catch (error) {
    done(Object.assign(error as Error, { statusCode: 400 }), undefined);
  }
};
