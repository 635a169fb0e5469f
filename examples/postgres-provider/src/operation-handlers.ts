import type { OperationId, Operations } from '@sql-sessions/contract';
import type { SessionDatabase } from './session-database.ts';

/** What the bearer of a token may do. */
export interface Tenant {
  workspaces: readonly string[];
  /** A suspended tenant is known and refused: 403 instead of 401. */
  suspended?: boolean;
}

export interface HandlerContext {
  tenant: Tenant;
  database: SessionDatabase;
}

/** Does what an operation is for and says with which of its documented statuses to respond. */
export type OperationHandler<Id extends OperationId> = (
  parameters: Operations[Id]['parameters'],
  context: HandlerContext,
) => Promise<keyof Operations[Id]['responses']>;

/** The operations that this server implements, which may be fewer than the contract has. */
export const operationHandlers: { [Id in OperationId]?: OperationHandler<Id> } = {
  async closeSession({ workspace_id, session_id }, { tenant, database }) {
    if (!tenant.workspaces.includes(workspace_id)) return 404;
    const outcome = await database.close(workspace_id, session_id);
    return ({ closed: 200, unknown: 404, 'still open': 408 } as const)[outcome];
  },
};
