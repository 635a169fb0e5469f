import type { CredentialRow, Operation } from '@sql-sessions/contract/operations';
import type { ClientOptions } from './options.ts';
import type { Redactor } from './redact.ts';
import { refuse } from './request-error.ts';
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
  const byScheme = typeof token === 'object' && token ? Object.entries(token) : undefined;
  const schemes = [...new Set(rows.map(({ scheme }) => scheme))];
  for (const scheme of byScheme ? [] : schemes) {
    const shared = [...sources.values()][0];
    if (token !== undefined) {
      // One provider for all schemes is asked for each of them, a fixed token is the same.
      const isFixed = typeof token === 'string' && shared;
      sources.set(scheme, isFixed || createTokenSource(token as string, scheme, patience));
    }
  }
  for (const [scheme, one] of byScheme ?? []) {
    if (one === undefined) continue;
    if (!schemes.includes(scheme)) {
      refuse(`token: unknown security scheme "${scheme}". Allowed: ${schemes.join(', ')}`);
    }
    sources.set(scheme, createTokenSource(one, scheme, patience));
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
    let written = token;
    if (encode) {
      try {
        written = encode(token);
      } catch (error) {
        refuse(`token must be ${(error as Error).message}`);
      }
      redactor.learn(written);
    }
    redactor.learn(token);
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
