import type { Credential, MediaType, Operation, Schema } from './contract.ts';
import { base64 } from './encode-body.ts';
import { type WrittenBody, writeBody } from './write-body.ts';
import { type WritableParameter, writeParameter } from './write-parameter.ts';

/** A request as HTTP has it, for any server. Plain data. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, to be put behind a base URL. */
  readonly target: string;
  /** Credentials, then parameters, then `Cookie` and `Content-Type`; names as the contract writes them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: WrittenBody | undefined;
}

/** What is filled in. */
export interface RequestValues<P> {
  /** The value of a parameter; undefined: it is not sent. */
  readonly valueFor: (parameter: P) => unknown;
  /** Path segments by parameter name that are sent exactly as given. */
  readonly segments?: Readonly<Record<string, string>>;
  readonly credentials?: readonly (Credential & {
    readonly value: string;
    /** The value is `name:password`, which travels in base64. */
    readonly basic?: boolean;
  })[];
  readonly body?: WrittenBody | undefined;
}

/** Writes a request of an operation. The values are not checked, so that wrong ones can be written too. */
export function toHttpRequest<P extends WritableParameter>(
  operation: { readonly method: string; readonly path: string; readonly parameters: readonly P[] },
  { valueFor, segments = {}, credentials = [], body }: RequestValues<P>,
): HttpRequest {
  const written = (place: string) =>
    operation.parameters.flatMap((parameter) => {
      const value = parameter.in === place ? valueFor(parameter) : undefined;
      return value === undefined
        ? []
        : [[parameter.name, writeParameter(parameter, value)] as const];
    });
  const pairs = (place: string) =>
    written(place).flatMap(([, text]) => (text === '' ? [] : [text]));
  const texts = new Map([...written('path'), ...Object.entries(segments)]);
  // One that nobody has declared is filled in with its own name.
  const path = operation.path.replace(/\{([^{}]+)\}|[^{}]+/g, (text, name?: string) =>
    name === undefined ? encodePath(text) : (texts.get(name) ?? encodeURIComponent(name)),
  );
  const query = pairs('query');
  const cookies = pairs('cookie');
  const headers: [string, string][] = [];
  for (const { in: place, name, prefix, basic, value: given } of credentials) {
    const value = prefix + (basic ? base64(given) : given);
    if (place === 'header') headers.push([name, value]);
    else if (place === 'query') {
      query.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    } else cookies.push(`${name}=${cookieValue(value)}`);
  }
  for (const [name, text] of written('header')) headers.push([name, text]);
  if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')]);
  if (body) headers.push(['Content-Type', body.contentType]);
  const { method } = operation;
  const target = path + (query.length > 0 ? `?${query.join('&')}` : '');
  return { method, target, headers, ...(body && { body }) };
}

/** A text of a path template as it travels: what has no place in a URL is escaped, what is escaped already stays. */
export function encodePath(text: string): string {
  return encodeURI(text.replace(/\p{Cs}/gu, '\ufffd')).replace(/%25(?=[\da-f]{2})/gi, '%');
}

/** A text as the value of a cookie: what has no place in one (RFC 6265, 4.1.1) is escaped. */
export function cookieValue(text: string): string {
  return text.replace(/[^!#-+\--:<-[\]-~]/gu, encodeURIComponent);
}

/**
 * A request of an operation with the contract's examples: the parameters, the credentials and the body that it must
 * have.
 *
 * @param sample makes up a value of a schema that has no example; undefined: it cannot
 * @param token stands for each credential
 */
export function exampleRequest(
  operation: Operation,
  sample: (schema: Schema) => unknown = () => undefined,
  token = 'token',
): HttpRequest {
  const exampleOf = ({ examples, schema }: Pick<MediaType, 'examples' | 'schema'>) =>
    examples.find(({ value }) => value !== undefined)?.value ?? (schema && sample(schema));
  const { requestBody, security } = operation;
  const [media] = requestBody?.required ? requestBody.content : [];
  const value = media && exampleOf(media);
  const { schemes = [] } = security.find((one) => one.schemes.length > 0) ?? {};
  return toHttpRequest(operation, {
    valueFor: (parameter) => (parameter.required ? (exampleOf(parameter) ?? '1') : undefined),
    credentials: schemes.flatMap(({ scheme: { credential, httpScheme } }) => {
      const basic = httpScheme === 'basic';
      return credential ? [{ ...credential, basic, value: basic ? 'user:password' : token }] : [];
    }),
    body: media && value !== undefined ? writeBody(media, value) : undefined,
  });
}
