/** What a sample needs to know of an operation; the operation table of the contract has the same fields. */
export interface SampleOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

export interface SampleRequest {
  baseUrl: string;
  /** Values by parameter name. */
  values: Readonly<Record<string, string>>;
  /** What stands in for the token, if one is sent. The token itself never goes into a sample. */
  token: boolean;
  /** A documented answer to ask the mock for. */
  answer?: string | undefined;
}

/** The address of the mock as it starts by default, so that samples work when they are pasted. */
export const MOCK_ADDRESS = 'http://127.0.0.1:4010';

/** The full address of a request, with each value encoded the way the client encodes it. */
export function toUrl(operation: SampleOperation, { baseUrl, values }: SampleRequest): string {
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && values[parameter.name])
    .map(({ name }) => `${encodeURIComponent(name)}=${encodeURIComponent(values[name] ?? '')}`);
  return `${baseUrl.replace(/\/+$/, '')}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** The request as a command line for a POSIX shell. */
export function toCurl(
  operation: SampleOperation,
  request: SampleRequest,
  tokenHeader: string,
): string {
  const lines = [`curl -i -X ${operation.method} ${quote(toUrl(operation, request))}`];
  if (request.token) lines.push(`-H "${tokenHeader}: $TOKEN"`);
  if (request.answer) lines.push(`-H ${quote(`Prefer: code=${request.answer}`)}`);
  return lines.join(' \\\n  ');
}

/** The request as TypeScript with the client. */
export function toTypeScript(operation: SampleOperation, request: SampleRequest): string {
  const entries = operation.parameters
    .filter(({ name }) => request.values[name] !== undefined)
    .map(({ name }) => `  ${property(name)}: ${literal(request.values[name] ?? '')},\n`);
  const options = [`  baseUrl: ${literal(request.baseUrl)},\n`];
  if (request.token) options.push('  token: process.env.TOKEN,\n');
  return `import { createSessionsClient } from '@sql-sessions/client';

const sessions = createSessionsClient({
${options.join('')}});

const result = await sessions.${operation.id}(${entries.length > 0 ? `{\n${entries.join('')}}` : ''});
console.log(result.status);
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function literal(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}
