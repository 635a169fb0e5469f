import type { Operation, Response } from './contract.ts';

/**
 * The response that documents a status: its own, that of its range, or the default one (OpenAPI 3.1, Responses Object).
 * The default one documents final statuses only, 200 to 599 (RFC 9110, 15).
 */
export function responseFor(
  { responses }: Pick<Operation, 'responses'>,
  status: number,
): Response | undefined {
  const named = (key: string) => responses.find((response) => response.status === key);
  const range = named(`${status}`) ?? named(`${Math.floor(status / 100)}XX`);
  return range ?? (status >= 200 && status <= 599 ? named('default') : undefined);
}

/** Whether the operation may be called without credentials. */
export function allowsAnonymous({ security }: Pick<Operation, 'security'>): boolean {
  return security.length === 0 || security.some(({ schemes }) => schemes.length === 0);
}
