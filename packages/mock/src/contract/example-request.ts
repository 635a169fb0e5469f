import type { Contract, MediaType, Operation, Parameter } from '@sql-sessions/contract/model';
import { isJson } from '../http/media-type.ts';
import { sampleValue } from '../schemas/sample.ts';
import { writeQuery, writeValue } from './write-value.ts';

/** A request to copy: what the contract asks for, with its example values. */
export interface ExampleRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names as the contract writes them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * Parameters are left out where they need not be there; credentials are filled in with a placeholder.
 */
export function exampleRequest(contract: Contract, operation: Operation): ExampleRequest {
  const { method, parameters, requestBody, security } = operation;
  const needed = parameters.filter(({ required }) => required);
  const sampleOf = (parameter: Parameter) => exampleOf(contract, parameter);
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const parameter = needed.find((one) => one.in === 'path' && one.name === name);
    return parameter ? writeValue(sampleOf(parameter), parameter, encodeURIComponent) : '1';
  });
  const query = needed
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => writeQuery(sampleOf(parameter), parameter));
  const headers: Record<string, string> = {};
  for (const parameter of needed) {
    if (parameter.in === 'header')
      headers[parameter.name] = writeValue(sampleOf(parameter), parameter);
  }
  for (const { scheme } of security.find(({ schemes }) => schemes.length > 0)?.schemes ?? []) {
    if (!scheme.credential) continue;
    const { in: place, name, prefix } = scheme.credential;
    const secret = prefix + (scheme.httpScheme === 'basic' ? 'dXNlcjpwYXNzd29yZA==' : 'token');
    if (place === 'query') query.push(`${encodeURIComponent(name)}=token`);
    else if (place === 'cookie') headers.Cookie = `${name}=token`;
    else headers[name] = secret;
  }
  const [media] = requestBody?.required ? requestBody.content : [];
  const written = media && writeBody(contract, media);
  if (written) headers['Content-Type'] = written.type;
  const body = written?.text ?? null;
  return { method, target: path + (query.length > 0 ? `?${query.join('&')}` : ''), headers, body };
}

const BOUNDARY = 'example-boundary';

function writeBody(contract: Contract, { mediaType, examples, schema }: MediaType) {
  const example = examples.find(({ value }) => value !== undefined);
  const found = example ?? (schema && sampleValue(contract, schema, 'request'));
  if (!found) return undefined;
  const { value } = found;
  const text = (one: unknown) => (typeof one === 'string' ? one : JSON.stringify(one));
  if (isJson(mediaType)) return { type: mediaType, text: JSON.stringify(value) };
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (mediaType === 'application/x-www-form-urlencoded') {
    const pairs = fields.map(([name, one]): [string, string] => [
      name,
      Array.isArray(one) ? one.join(',') : text(one),
    ]);
    return { type: mediaType, text: new URLSearchParams(pairs).toString() };
  }
  if (mediaType !== 'multipart/form-data') return { type: mediaType, text: text(value) };
  const parts = fields.flatMap(([name, one]) =>
    [one].flat().map((each) => {
      const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`;
      return `${head}\r\n\r\n${text(each)}\r\n`;
    }),
  );
  return {
    type: `${mediaType}; boundary=${BOUNDARY}`,
    text: `${parts.join('')}--${BOUNDARY}--\r\n`,
  };
}

function exampleOf(contract: Contract, { schema, examples }: Parameter): unknown {
  const [example] = examples.filter(({ value }) => value !== undefined);
  if (example) return example.value;
  return sampleValue(contract, schema, 'request')?.value ?? '1';
}
