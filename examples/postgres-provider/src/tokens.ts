import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { OperationId } from '@sql-sessions/contract';
import { compile, contract } from './contract.ts';
import { operationHandlers, type Tenant } from './operation-handlers.ts';

/** Tenants by the SHA-256 of their tokens (hexadecimal): whoever reads the configuration learns no token. */
export type Tokens = ReadonlyMap<string, Tenant>;

const workspaceId = contract.operations
  .flatMap(({ parameters }) => parameters)
  .find(({ name }) => name === 'workspace_id')?.schema;

const matches = compile<Record<string, Tenant>>({
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: '^[0-9a-f]{64}$' },
  additionalProperties: {
    type: 'object',
    required: ['workspaces'],
    additionalProperties: false,
    properties: {
      workspaces: { type: 'array', items: workspaceId ?? false },
      suspended: { type: 'boolean' },
    },
  },
});

/** Where the operations that are implemented take a token: other operations of the contract may take other ones. */
const PLACES = contract.operations
  .filter(({ id }) => operationHandlers[id as OperationId])
  .flatMap(({ security }) => security.flatMap(({ schemes }) => schemes))
  .flatMap(({ scheme: { credential } }) => (credential?.in === 'header' ? credential : []));

/** Reads `{"<sha-256 of a token>": {"workspaces": ["…"], "suspended": false}}`; undefined if it is anything else. */
export function parseTokens(text: string): Tokens | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return matches(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 of a token, hexadecimal. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whose token a request carries; undefined if it carries none or one that nobody has. */
export function tenantOf(tokens: Tokens, headers: IncomingHttpHeaders): Tenant | undefined {
  for (const { name, prefix } of PLACES) {
    const value = String(headers[name.toLowerCase()] ?? '');
    const known = value.startsWith(prefix) && tokens.get(hashOf(value.slice(prefix.length)));
    if (known) return known;
  }
  return undefined;
}
