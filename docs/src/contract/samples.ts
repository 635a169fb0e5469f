/** What a sample needs to know of an operation; the operation table of the contract has the same fields. */
export interface SampleOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

export interface SampleRequest {
  baseUrl: string;
  /** Values by parameter name; those of type string are written in quotes. */
  values: Readonly<Record<string, string | number | boolean>>;
  /** Whether a token is sent. The token itself never goes into a sample: a variable stands for it. */
  token: boolean;
  /** The JSON text of the body, where one is sent. */
  body?: string | undefined;
  /** A documented answer to ask the mock for. */
  answer?: string | undefined;
}

/** A piece of a sample and how it is coloured. */
export interface SamplePart {
  text: string;
  kind: 'plain' | 'string' | 'keyword' | 'attr' | 'variable' | 'number';
}

/** The address of the mock as it starts by default, so that samples work when they are pasted. */
export const MOCK_ADDRESS = 'http://127.0.0.1:4010';

/** The full address of a request, with each value encoded the way the client encodes it. */
export function toUrl(operation: SampleOperation, { baseUrl, values }: SampleRequest): string {
  const encode = (name: string) => encodeURIComponent(values[name] ?? '');
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => encode(name));
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && values[parameter.name] !== undefined)
    .map(({ name }) => `${encodeURIComponent(name)}=${encode(name)}`);
  return `${baseUrl.replace(/\/+$/, '')}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** The request as a command line for a POSIX shell. */
export function toCurl(
  operation: SampleOperation,
  request: SampleRequest,
  tokenHeader: string,
): SamplePart[] {
  const parts = [plain(`curl -i -X ${operation.method} `), quoted(toUrl(operation, request))];
  const header = (...value: SamplePart[]) => parts.push(plain(' \\\n  -H '), ...value);
  if (request.token) {
    header(part('string', `"${tokenHeader}: `), part('variable', '$TOKEN'), part('string', '"'));
  }
  if (request.answer) header(quoted(`Prefer: code=${request.answer}`));
  if (request.body !== undefined) {
    header(quoted('Content-Type: application/json'));
    parts.push(plain(' \\\n  -d '), quoted(request.body));
  }
  return parts;
}

/** The request as TypeScript with the client. */
export function toTypeScript(operation: SampleOperation, request: SampleRequest): SamplePart[] {
  const entry = (name: string, value: SamplePart) => [
    plain('  '),
    part('attr', property(name)),
    plain(': '),
    value,
    plain(',\n'),
  ];
  const entries = operation.parameters.flatMap(({ name }) => {
    const value = request.values[name];
    if (value === undefined) return [];
    return entry(
      name,
      typeof value === 'string' ? part('string', literal(value)) : part('number', String(value)),
    );
  });
  if (request.body !== undefined) entries.push(...entry('body', plain(request.body)));
  return [
    part('keyword', 'import'),
    plain(' { createSessionsClient } '),
    part('keyword', 'from'),
    plain(' '),
    part('string', "'@sql-sessions/client'"),
    plain(';\n\n'),
    part('keyword', 'const'),
    plain(' sessions = createSessionsClient({\n'),
    ...entry('baseUrl', part('string', literal(request.baseUrl))),
    ...(request.token ? entry('token', plain('process.env.TOKEN')) : []),
    plain('});\n\n'),
    part('keyword', 'const'),
    plain(' result = '),
    part('keyword', 'await'),
    plain(` sessions.${operation.id}({\n`),
    ...entries,
    plain('});\nconsole.log(result.status);\n'),
  ];
}

/** A sample as plain text. */
export function toText(parts: readonly SamplePart[]): string {
  return parts.map(({ text }) => text).join('');
}

function part(kind: SamplePart['kind'], text: string): SamplePart {
  return { kind, text };
}

function plain(text: string): SamplePart {
  return part('plain', text);
}

function quoted(text: string): SamplePart {
  return part('string', `'${text.replaceAll("'", "'\\''")}'`);
}

function literal(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}
