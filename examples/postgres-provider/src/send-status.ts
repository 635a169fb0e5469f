import type { FastifyReply } from 'fastify';
import { errorBody } from './error-body.ts';

/** Responds with a status and the body that the contract has for it. */
export function sendStatus(reply: FastifyReply, status: number, advice?: string): FastifyReply {
  reply.code(status);
  return status < 400 ? reply.send() : reply.send(errorBody(status, advice));
}
