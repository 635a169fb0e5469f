import type { FastifyReply } from 'fastify';
import { errorBody } from './error-body.ts';

/** Responds with a status and the body that the contract has for it. */
export function sendStatus(reply: FastifyReply, status: number, advice?: string): FastifyReply {
  reply.code(status);
  // A 401 must say how to authenticate (RFC 9110, 15.5.2).
  if (status === 401) reply.header('www-authenticate', 'Token realm="sessions"');
  return status < 400 ? reply.send() : reply.send(errorBody(status, advice));
}
