import type { Operation, ParameterRow } from '@sql-sessions/contract/operations';
import { essenceOf } from './headers.ts';
import { refuse } from './request-error.ts';

/** A request that has been checked, but for its token. */
export interface Plan {
  readonly operation: Operation;
  readonly url: string;
  /** Without the base URL and the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Holds what is to be sent against the operation's row and writes the request.
 *
 * @param given the value of a parameter; undefined where none is given
 * @param contentType one of the documented media types; undefined: the first
 */
export function planRequest(
  operation: Operation,
  baseUrl: string,
  given: (parameter: ParameterRow) => unknown,
  body: unknown,
  contentType: string | undefined,
): Plan {
  const refuseArgument = (name: string, rule: string, value: unknown) =>
    refuse(`${operation.id}: ${name} must be ${rule}; got ${describe(value)}. Nothing was sent`);
  const path: Record<string, string> = {};
  const query: string[] = [];
  const headers: Record<string, string> = { accept: operation.accept };
  for (const parameter of operation.parameters) {
    const { name, in: place, required, rule } = parameter;
    const value = given(parameter);
    if (value === undefined && !required) continue;
    const text = write(parameter, value);
    if (text === undefined) return refuseArgument(name, rule, value);
    if (place === 'path') path[name] = text;
    else if (place === 'header') headers[name.toLowerCase()] = text;
    else if (text) query.push(text);
  }
  const filled = operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) => path[name] ?? '');
  // Whatever the contract allows: such a segment would make the URL name something else.
  if (/\/(\.|%2e){1,2}(\/|$)/i.test(filled)) {
    refuse(`${operation.id}: no segment of the path must be dots alone. Nothing was sent`);
  }
  let sent: unknown;
  if (body !== undefined || operation.body?.required) {
    const types = operation.body?.types ?? {};
    const names = Object.keys(types);
    const type =
      names.find((name) => name === (contentType ?? name)) ??
      names.find((name) => essenceOf(name) === essenceOf(`${contentType}`));
    const encode = types[type as string];
    if (!encode)
      return refuseArgument('contentType', names.join(' or ') || 'left out', contentType);
    if (body === undefined) return refuseArgument('body', `given as ${type}`, body);
    headers['content-type'] = type as string;
    try {
      sent = encode(body);
    } catch (error) {
      return refuseArgument('body', (error as Error).message, body);
    }
    if (Array.isArray(sent)) [sent, headers['content-type']] = sent as [unknown, string];
  }
  const url = baseUrl + filled + (query[0] ? `?${query.join('&')}` : '');
  return { operation, url, path: filled, headers, body: sent };
}

/** Writes a value in its place; undefined if it is not allowed there. */
function write(parameter: ParameterRow, value: unknown): string | undefined {
  const { name, in: place, accepts, encode } = parameter;
  if (!accepts(value) || (!encode && typeof value === 'object' && (value || place !== 'query'))) {
    return undefined;
  }
  try {
    const isHeader = place === 'header';
    let text = isHeader ? `${value}` : '';
    if (encode) text = encode(value, name);
    else if (!isHeader) text = encodeURIComponent((value as string) ?? '');
    if (place === 'query') return encode ? text : `${encodeURIComponent(name)}=${text}`;
    return (isHeader ? /[^ -~]/ : /^\.{0,2}$/).test(text) ? undefined : text;
  } catch {
    // Half of a surrogate pair cannot be encoded.
    return undefined;
  }
}

/** Not the value itself: the token ends up in the wrong argument now and then. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `a string of length ${[...value].length}`;
  if (Array.isArray(value)) return `a list of length ${value.length}`;
  return value === null ? 'null' : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}`;
}
