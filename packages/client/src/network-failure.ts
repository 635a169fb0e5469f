import type { RequestErrorKind } from './request-error.ts';

interface Failure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/**
 * What went wrong and what caused it, outermost first. A chain of causes may be a circle, or go through many. What is
 * looked at is shapes: in Jest no error of the runtime is an instance of the `Error` that is in sight.
 */
function chainOf(error: unknown): Failure[] {
  const chain: Failure[] = [];
  for (let next = error; next && chain.length < 5; ) {
    const failure: Failure = typeof next === 'object' ? next : { message: String(next) };
    chain.push(failure);
    next = failure.cause ?? failure.errors?.[0];
  }
  return chain;
}

/** What an error and its causes say, on one line. */
export function textOf(error: unknown): string {
  return chainOf(error)
    .map(({ code, message }) =>
      [code, message].filter((part) => part && typeof part === 'string').join(' '),
    )
    .join(': ');
}

/** Codes of Node and Bun. Deno has none, and says what others say in codes with the number of the operating system. */
const KINDS: [RequestErrorKind, RegExp][] = [
  ['refused', /^(ECONNREFUSED|ConnectionRefused)$|\(os error (111|61|10061)\)/],
  ['dns', /^(ENOTFOUND|EAI_\w+|\w*DNS\w*)$|^dns error|: dns error:/],
  [
    'certificate',
    // https://nodejs.org/api/tls.html#x509-certificate-error-codes
    /^(\w*(CERT|CRL_|_TLS_|_SSL_)\w*|(UNABLE|INVALID|PATH|HOSTNAME)_\w+|EPROTO)$|invalid peer certificate/,
  ],
  [
    'reset',
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|Connection(Closed|Reset))$|\(os error (104|54|10054)\)|closed before message/,
  ],
];

/** What kept a request from its response, as far as the runtime says. */
export function kindOf(error: unknown): RequestErrorKind {
  const chain = chainOf(error);
  const said = chain.map(({ code, message }) => `${typeof code === 'string' ? code : message}`);
  const [kind] = KINDS.find(([, pattern]) => said.some((text) => pattern.test(text))) ?? [];
  return kind ?? (!chain[1] && isMistake(chain[0] ?? {}) ? 'fetch' : 'connection');
}

/** An error that no network makes: of a class for mistakes, or the one that an engine throws for a missing value. */
function isMistake({ name, message, code }: Failure): boolean {
  return (
    /^(Reference|Range|Syntax)Error$/.test(`${name}`) ||
    (name === 'TypeError' &&
      !code &&
      /is(n't| not) (a|an|defined|iterable)\b|of (undefined|null)|^(undefined|null) is/.test(
        `${message}`,
      ))
  );
}
