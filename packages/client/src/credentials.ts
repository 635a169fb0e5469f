import type { CredentialRow, Operation } from '@sql-sessions/contract/operations';
import { checkNames } from './names.ts';
import type { ClientOptions, Token } from './options.ts';
import type { Redactor } from './redact.ts';
import type { TimeScope } from './time-scope.ts';
import { createTokenSource, type TokenSource } from './token-source.ts';

export interface Credentials {
  /** Whether no token has to be waited for. */
  readonly areFixed: boolean;
  /** Names of the headers that carry tokens, in lower case. */
  readonly headers: readonly string[];
  /** The first alternative of the operation that there are tokens for; empty if there is none, or none is needed. */
  for(operation: Operation): readonly CredentialRow[];
  /**
   * Asks for the tokens of a request, each as long as the scope lasts, puts them into its headers, and tells the redactor
   * what must not be seen elsewhere.
   *
   * @param refused the tokens that others have to take the place of
   * @param since when the call began, on the clock of `performance`
   */
  authorize(
    rows: readonly CredentialRow[],
    headers: Record<string, string>,
    refused: readonly string[] | undefined,
    since: number,
    scope: TimeScope | undefined,
    redactor: Redactor,
  ): Promise<readonly string[]>;
}

export function createCredentials(
  token: ClientOptions['token'],
  operations: readonly Operation[],
  patience: number,
): Credentials {
  const rows = new Map(
    operations.flatMap(({ security }) => security.flat()).map((row) => [row.scheme, row]),
  );
  const schemes = [...rows.keys()];
  const given: Readonly<Record<string, Token | undefined>> =
    typeof token === 'object' && token
      ? token
      : Object.fromEntries(schemes.map((scheme) => [scheme, token]));
  checkNames(given, schemes, 'token: ', 'security scheme');
  const sources = new Map<string, TokenSource>();
  for (const [scheme, row] of rows) {
    const one = given[scheme];
    // A token for all schemes is none for Basic, unless it has a name and a password.
    const isOther = one === token && row.encode && typeof one === 'string' && !one.includes(':');
    if (one !== undefined && !isOther) sources.set(scheme, createTokenSource(one, row, patience));
  }
  return {
    areFixed: !Object.values(given).some((one) => typeof one === 'function'),
    headers: [...rows.values()].map(({ header }) => header.toLowerCase()),
    for: ({ security }) =>
      security.find((all) => all[0] && all.every(({ scheme }) => sources.has(scheme))) ?? [],
    authorize: (needed, headers, refused, since, scope, redactor) =>
      Promise.all(
        needed.map(async ({ scheme, header, prefix, encode }, index) => {
          const source = sources.get(scheme) as TokenSource;
          const found = await (refused?.[index]
            ? source.refresh(refused[index], since, scope as TimeScope)
            : source.get(scope as TimeScope));
          const written = encode?.(found) ?? found;
          redactor.learn(found);
          redactor.learn(written);
          headers[header.toLowerCase()] = prefix + written;
          return found;
        }),
      ),
  };
}
