import type { Contract, Operation } from '@sql-sessions/contract/model';
import type { SchemaLink } from './fields.ts';

export interface OperationContext {
  contract: Contract;
  /** Path of a status in the error catalogue, where it has an entry. */
  catalogue: (status: string) => string | null;
  schemaLink: SchemaLink;
  securityLink: (name: string) => string;
  operationLink: (operation: Operation) => string;
  /** The contract that the client and the mock are made from has samples of the client, and a panel to send requests. */
  newest: boolean;
}
