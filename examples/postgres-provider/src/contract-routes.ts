import type { OperationId } from '@sql-sessions/contract';
import type { FastifyInstance } from 'fastify';
import { contract } from './contract.ts';
import { type OperationHandler, operationHandlers } from './operation-handlers.ts';
import { requestCheck } from './request-check.ts';
import { sendStatus } from './send-status.ts';
import type { SessionDatabase } from './session-database.ts';
import { type Tokens, tenantOf } from './tokens.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on routes whose path is the contract's and whose method is not: what to send in `Allow`. */
    allow?: string;
  }
}

/** A route for each operation of the contract that is implemented, and one for the wrong methods on its path. */
export function addContractRoutes(
  app: FastifyInstance,
  { tokens, database }: { tokens: Tokens; database: SessionDatabase },
): void {
  const implemented = contract.operations.filter(({ id }) => operationHandlers[id as OperationId]);
  for (const [path, operations] of Map.groupBy(implemented, ({ path }) => path)) {
    const url = path.replace(/\{(.+?)\}/g, ':$1');
    const allowed: string[] = operations.map(({ method }) => method);
    app.route({
      method: app.supportedMethods.filter((method) => !allowed.includes(method)),
      url,
      config: { allow: allowed.join(', ') },
      handler: (_request, reply) => sendStatus(reply, 405),
    });
    for (const operation of operations) {
      const check = requestCheck(operation);
      const handle = operationHandlers[
        operation.id as OperationId
      ] as OperationHandler<OperationId>;
      app.route({
        method: operation.method,
        url,
        handler: async (request, reply) => {
          const broken = check(request);
          if (broken !== undefined) return sendStatus(reply, 400, broken);
          const tenant = tenantOf(tokens, request.headers);
          if (!tenant) return sendStatus(reply, 401);
          // The check has just seen that they are what the contract says.
          const parameters = { ...Object(request.query), ...Object(request.params) };
          return sendStatus(reply, await handle(parameters, { tenant, database }));
        },
      });
    }
  }
}
