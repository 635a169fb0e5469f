import type { Node } from './references.ts';
import type { SchemaReader } from './schemas.ts';
import type { SecuritySchemes } from './security.ts';

/** What every part of the reader has at hand. */
export interface Reading {
  readonly document: Node;
  readonly schemas: SchemaReader;
  readonly securitySchemes: SecuritySchemes;
  /** Path items that are being read: a callback may lead back to the operation that it belongs to. */
  readonly open: Set<string>;
}
