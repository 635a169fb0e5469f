import type { IncomingHttpHeaders } from 'node:http';
import { type Tokens, tenantOf } from './tokens.ts';

/** The status that refuses a call for its token; undefined for a token that is accepted. */
export function refusalOf(tokens: Tokens, headers: IncomingHttpHeaders): 401 | 403 | undefined {
  const tenant = tenantOf(tokens, headers);
  if (!tenant) return 401;
  return tenant.suspended ? 403 : undefined;
}
