import { createClient } from '@sql-sessions/client/core';
import { closeSession } from '@sql-sessions/contract/operations';
import type { CloserOptions } from '../clients.ts';

export function createCloser(options: CloserOptions) {
  const client = createClient({ ...options, operations: { closeSession } });
  return async (workspace_id: string, session_id: string) =>
    (await client.closeSession({ workspace_id, session_id })).httpStatus;
}
