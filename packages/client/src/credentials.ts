import type { CredentialRow, Operation } from '@sql-sessions/contract/operations';
import { checkNames } from './names.ts';
import type { ClientOptions, Token } from './options.ts';
import type { Redactor } from './redact.ts';
import type { TimeScope } from './time-scope.ts';
import { createTokenSource, type TokenSource } from './token-source.ts';

export interface Credentials {
  /** Whether none of these (or of all) has to be waited for, nor can be renewed. */
  areFixed(rows?: readonly CredentialRow[]): boolean;
  /** Names of the headers that carry tokens, in lower case. */
  readonly headers: readonly string[];
  /** The first alternative of the operation that there are tokens for; empty if there is none, or none is needed. */
  for(operation: Operation): readonly CredentialRow[];
  /** Gets the tokens of a request, each waited for as long as the scope lasts; without providers they are there at once. */
  get(
    rows: readonly CredentialRow[],
    refused?: readonly string[],
    since?: number,
    scope?: TimeScope,
  ): readonly (Promise<string> | string)[];
  /** Puts the tokens into the headers of a request, and tells the redactor what must not be seen elsewhere. */
  write(
    rows: readonly CredentialRow[],
    tokens: readonly string[],
    headers: Record<string, string>,
    redactor: Redactor,
  ): void;
}

/** @param patience milliseconds after which calls no longer join those that wait for a provider */
export function createCredentials(
  token: ClientOptions['token'],
  operations: readonly Operation[],
  patience: number,
): Credentials {
  const rows = new Map(
    operations.flatMap(({ security }) => security.flat()).map((row) => [row.scheme, row]),
  );
  const byScheme = typeof token === 'object' && token ? token : undefined;
  if (byScheme) checkNames(byScheme, [...rows.keys()], 'token: ', 'security scheme');
  const sources = new Map<string, TokenSource>();
  for (const [scheme, row] of rows) {
    const one = byScheme
      ? (byScheme as Record<string, Token | undefined>)[scheme]
      : (token as Token);
    // A token for all schemes is none for Basic, unless it has a name and a password.
    const isOther = !byScheme && row.encode && typeof one === 'string' && !one.includes(':');
    if (one === undefined || isOther) continue;
    sources.set(scheme, createTokenSource(one, row, patience));
  }
  return {
    areFixed: (needed = [...rows.values()]) =>
      !needed.some(({ scheme }) => sources.get(scheme)?.refresh),
    headers: [...rows.values()].map(({ header }) => header.toLowerCase()),
    for: ({ security }) =>
      security.find((all) => all[0] && all.every(({ scheme }) => sources.has(scheme))) ?? [],
    get: (needed, refused, since = 0, scope) =>
      needed.map(({ scheme }, index) => {
        const source = sources.get(scheme) as TokenSource;
        const old = refused?.[index];
        return old && source.refresh
          ? source.refresh(old, since, scope as TimeScope)
          : source.get(scope as TimeScope);
      }),
    write(needed, tokens, headers, redactor) {
      needed.forEach(({ header, prefix, encode }, index) => {
        const token = tokens[index] as string;
        const written = encode?.(token) ?? token;
        redactor.learn(token);
        redactor.learn(written);
        // The password alone.
        if (encode) redactor.learn(token.replace(/^[^:]*:/, ''));
        headers[header.toLowerCase()] = prefix + written;
      });
    },
  };
}
