import type { Schemas } from '@sql-sessions/contract';
import { closeSession, type Operation } from '@sql-sessions/contract/operations';

/**
 * The payloads that the service's page shows. Written out, so that these tests read nothing of the contract but its
 * operation table: an edit to a description has no part in them.
 */
export const ERRORS = {
  400: {
    error_code: 'common.01000001',
    error_msg: 'failed to read http request, please check your input, code: 400',
  } satisfies Schemas['Error'],
  401: {
    error_code: 'APIG.1002',
    error_msg: 'Incorrect token or token resolution failed',
  } satisfies Schemas['Error'],
  403: {
    error: {
      code: '403',
      message: 'X-Auth-Token is invalid in the request',
      title: 'Forbidden',
    },
    error_code: 403,
    error_msg: 'X-Auth-Token is invalid in the request',
    title: 'Forbidden',
  } satisfies Schemas['ForbiddenError'],
  404: {
    error_code: 'common.01000001',
    error_msg: 'response status exception, code: 404',
  } satisfies Schemas['Error'],
  408: {
    error_code: 'common.00000408',
    error_msg: 'timeout exception occurred',
  } satisfies Schemas['Error'],
  500: {
    error_code: 'common.00000500',
    error_msg: 'internal error',
  } satisfies Schemas['Error'],
};

/** The operation that these tests call, with whatever responses it has by now. */
export const CLOSE: Operation = closeSession;

/**
 * Why a response is not as documented: its status, unless the contract documents that by now (`default`, `4XX`).
 * @param otherwise what is wrong with it then
 */
export function reasonOf(status: number, otherwise: string): string {
  const keys = [`${status}`, `${status}`.replace(/..$/, 'XX'), 'default'];
  return keys.some((key) => key in CLOSE.responses) ? otherwise : 'status';
}

/** A result with the documented payload of its status. */
export function documented(status: keyof typeof ERRORS, headers: Record<string, string> = {}) {
  return { status, headers, body: ERRORS[status] };
}

export const IDS = { workspace_id: 'w-1', session_id: 's-1' };
export const CANARY = 'canary-Zm9vYmFyL2Jheg+/==';
