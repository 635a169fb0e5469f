import { createSessionsClient } from '@sql-sessions/client';
import type { CloserOptions } from '../clients.ts';

export function createCloser(options: CloserOptions) {
  const client = createSessionsClient(options);
  return async (workspace_id: string, session_id: string) =>
    (await client.closeSession({ workspace_id, session_id })).httpStatus;
}
