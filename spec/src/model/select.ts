import type { Operation, Response } from './contract.ts';

/** The response that documents a status: its own, that of its range, or the default one (OpenAPI 3.1, Responses Object). */
export function responseFor(
  { responses }: Pick<Operation, 'responses'>,
  status: number,
): Response | undefined {
  const named = (key: string) => responses.find((response) => response.status === key);
  return named(`${status}`) ?? named(`${`${status}`[0]}XX`) ?? named('default');
}

/** Whether the operation may be called without credentials. */
export function allowsAnonymous({ security }: Pick<Operation, 'security'>): boolean {
  return security.length === 0 || security.some(({ schemes }) => schemes.length === 0);
}
