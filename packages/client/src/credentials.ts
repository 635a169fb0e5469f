import type { CredentialRow, Operation } from '@sql-sessions/contract/operations';
import { checkNames } from './names.ts';
import type { ClientOptions, Token } from './options.ts';
import type { Redactor } from './redact.ts';
import type { TimeScope } from './time-scope.ts';
import { createTokenSource, type TokenSource } from './token-source.ts';

/** A credential of an operation and where its token comes from. */
export interface Credential extends CredentialRow {
  readonly source: TokenSource;
}

export interface Credentials {
  /** Whether there is any token. */
  readonly any: boolean;
  /** Names of the headers that carry tokens, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** The first alternative of the operation that there are tokens for; empty if there is none, or none is needed. */
  for(operation: Operation): readonly Credential[];
}

export function createCredentials(
  token: ClientOptions['token'],
  operations: readonly Operation[],
  patience: number,
): Credentials {
  const rows = operations.flatMap(({ security }) => security.flat());
  const sources = new Map<string, TokenSource>();
  const schemes = new Map(rows.map((row) => [row.scheme, row]));
  const given =
    typeof token === 'object' && token
      ? (token as Readonly<Record<string, Token | undefined>>)
      : Object.fromEntries([...schemes.keys()].map((scheme) => [scheme, token]));
  checkNames(given, [...schemes.keys()], 'token: ', 'security scheme');
  for (const [scheme, row] of schemes) {
    const one = given[scheme];
    // A token for all schemes is none for Basic, unless it has a name and a password.
    if (one === token && typeof one === 'string' && row.encode && !one.includes(':')) continue;
    if (one !== undefined) sources.set(scheme, createTokenSource(one, row, patience));
  }
  const found = new WeakMap<Operation, readonly Credential[]>();
  return {
    any: sources.size > 0,
    headers: new Set(rows.map(({ header }) => header.toLowerCase())),
    for(operation) {
      let credentials = found.get(operation);
      if (!credentials) {
        const usable = operation.security.find(
          (all) => all.length > 0 && all.every(({ scheme }) => sources.has(scheme)),
        );
        credentials = (usable ?? []).map((row) => ({
          ...row,
          source: sources.get(row.scheme) as TokenSource,
        }));
        found.set(operation, credentials);
      }
      return credentials;
    },
  };
}

/** Puts the tokens into the headers of a request, and tells the redactor what must not be seen elsewhere. */
export function authorize(
  headers: Record<string, string>,
  credentials: readonly Credential[],
  tokens: readonly string[],
  redactor: Redactor,
): void {
  for (const [index, { header, prefix, encode, source: _ }] of credentials.entries()) {
    const token = tokens[index] ?? '';
    const written = encode ? encode(token) : token;
    redactor.learn(token);
    redactor.learn(written);
    headers[header.toLowerCase()] = prefix + written;
  }
}

/** Asks for the tokens of a request, each as long as the scope lasts. */
export async function getTokens(
  credentials: readonly Credential[],
  refused: readonly string[] | undefined,
  since: number,
  scope: TimeScope,
): Promise<string[]> {
  return Promise.all(
    credentials.map(({ source }, index) =>
      refused ? source.refresh(refused[index] ?? '', since, scope) : source.get(scope),
    ),
  );
}
