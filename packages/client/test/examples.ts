import { readFileSync } from 'node:fs';
import type { Schemas } from '@sql-sessions/contract';

const file = new URL(import.meta.resolve('@sql-sessions/contract/openapi.json'));
const { examples } = JSON.parse(readFileSync(file, 'utf8')).components;

/** The payload of each documented error, as the contract has it. */
export const ERRORS = {
  400: examples.BadRequest.value as Schemas['Error'],
  401: examples.Unauthorized.value as Schemas['Error'],
  403: examples.Forbidden.value as Schemas['ForbiddenError'],
  404: examples.NotFound.value as Schemas['Error'],
  408: examples.RequestTimeout.value as Schemas['Error'],
  500: examples.InternalServerError.value as Schemas['Error'],
};

/** An answer with the documented payload of its status. */
export function documented(status: keyof typeof ERRORS, headers: Record<string, string> = {}) {
  return { status, headers, body: ERRORS[status] };
}

export const IDS = { workspace_id: 'w-1', session_id: 's-1' };
export const CANARY = 'canary-Zm9vYmFyL2Jheg+/==';
