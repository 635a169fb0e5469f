import type { RequestErrorKind } from './request-error.ts';

interface Failure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** What went wrong and what caused it, outermost first. A chain of causes may be a circle, or go through many. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && chain.length < 5; ) {
    chain.push(next);
    const { cause, errors } = Object(next) as Failure;
    next = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return chain;
}

/** What an error and its causes say, on one line. */
export function textOf(error: unknown): string {
  return chainOf(error)
    .map((one) => {
      if (typeof one !== 'object') return String(one);
      const { code, message } = one as Failure;
      if (message === undefined && code === undefined) return safeText(one);
      return [code, message].filter((part) => typeof part === 'string' && part).join(' ');
    })
    .join(': ');
}

function safeText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'an object';
  }
}

/** Codes of Node, Bun and Deno; by what they are called everywhere, not by the words of a message. */
const CODES: [RegExp, RequestErrorKind][] = [
  [/^(ECONNREFUSED|ConnectionRefused)$/, 'refused'],
  [/^(ENOTFOUND|EAI_\w+|DNSException|\w*DNS\w*)$/, 'dns'],
  [/CERT|^ERR_(TLS|SSL)_|^(UNABLE_TO_(GET|VERIFY)_\w+|HOSTNAME_MISMATCH|EPROTO)$/, 'certificate'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ECONNABORTED|ConnectionClosed|ConnectionReset)$/, 'reset'],
];

/** Deno says in words what others say in codes: the number is the operating system's, the same words in each. */
const WORDS: [RegExp, RequestErrorKind][] = [
  [/\(os error (111|61|10061)\)/, 'refused'],
  [/^dns error|: dns error: /, 'dns'],
  [/invalid peer certificate/, 'certificate'],
  [/\(os error (104|54|10054)\)|connection closed before message completed/, 'reset'],
];

/** What kept a request from its response, as far as the runtime says. */
export function kindOf(error: unknown): RequestErrorKind {
  const chain = chainOf(error).map((one) => Object(one) as Failure);
  for (const { code } of chain) {
    const kind = find(CODES, code);
    if (kind) return kind;
  }
  if (isMistake(chain[0] ?? {})) return 'fetch';
  for (const { message } of chain) {
    const kind = find(WORDS, message);
    if (kind) return kind;
  }
  return 'connection';
}

function find(table: [RegExp, RequestErrorKind][], text: unknown): RequestErrorKind | undefined {
  return typeof text === 'string' ? table.find(([pattern]) => pattern.test(text))?.[1] : undefined;
}

/** An error that no network makes: of a class for mistakes, or the one that an engine throws for a missing value. */
function isMistake({ name, message, cause, code }: Failure): boolean {
  if (/^(Reference|Range|Syntax|URI|Eval)Error$/.test(`${name}`)) return true;
  if (name !== 'TypeError' || cause !== undefined || code !== undefined) return false;
  return /is(n't| not) (a|an|defined|iterable|async)\b|of (undefined|null)|^(undefined|null) is not/.test(
    `${message}`,
  );
}
