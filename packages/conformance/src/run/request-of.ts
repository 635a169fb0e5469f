import {
  type Operation,
  type Parameter,
  toHttpRequest,
  writeBody,
} from '@sql-sessions/contract/model';
import type { WireRequest } from '../http/wire-request.ts';
import { unguessableValue } from '../values/ids.ts';
import { sampleValid } from '../values/sample.ts';
import type { Schemas } from '../values/schemas.ts';
import { contentOf, credentialsOf } from './operations.ts';

type Headers = readonly (readonly [string, string])[];

export interface CallOptions {
  /** Values of parameters by name. Required ones that are missing get a value that the contract allows. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Path segments by parameter name that go onto the wire exactly as given. */
  readonly rawParams?: Readonly<Record<string, string>>;
  /** The token to send; null: none. Default: that of the run. */
  readonly token?: string | null;
  readonly headers?: Headers;
  /** A body to send as it is; its type goes into `headers`. Null: none. Default: `json`, or what the contract requires. */
  readonly body?: string | Uint8Array | null;
  /** A value to send as the body, in the operation's media type. */
  readonly json?: unknown;
  readonly method?: string;
}

export interface Surroundings {
  readonly schemas: Schemas;
  /** Path of the base URL, which every target starts with. */
  readonly prefix: string;
  /** Headers that every request gets. */
  readonly headers: Headers;
  /** Seeds the values that nobody gave. */
  readonly label: string;
}

/** Writes the request for one call of an operation. */
export function requestOf(
  operation: Operation,
  { params = {}, rawParams = {}, token, headers = [], body, json, method }: CallOptions,
  { schemas, prefix, headers: always, label }: Surroundings,
): WireRequest {
  const valueFor = (parameter: Parameter): unknown => {
    const given = own(params, parameter.name);
    if (given !== undefined || !parameter.required) return given;
    if (parameter.in === 'path') return unguessableValue(schemas, parameter, label);
    return parameter.examples[0]?.value ?? unguessableValue(schemas, parameter, label);
  };
  const content = body === undefined ? contentFor(operation, json, schemas) : undefined;
  const made = toHttpRequest(
    // Escapes mean the same to every server, reserved characters do not.
    {
      ...operation,
      parameters: operation.parameters.map((one) => ({ ...one, allowReserved: false })),
    },
    {
      valueFor,
      segments: rawParams,
      credentials: token
        ? credentialsOf(operation).map((one) => ({
            ...one,
            basic: one.prefix === 'Basic ',
            value: token,
          }))
        : [],
      body: content,
    },
  );
  return {
    method: method ?? made.method,
    target: prefix + made.target,
    headers: [...made.headers, ...headers, ...always],
    body: body ?? made.body?.text,
  };
}

/** The body to send: the given value, or the contract's own example where a body is required. */
function contentFor({ requestBody }: Operation, json: unknown, schemas: Schemas) {
  const content = requestBody && contentOf(requestBody);
  if (!content || (json === undefined && !requestBody.required)) return undefined;
  return writeBody(content, json ?? validBody(schemas, content));
}

/** A body that the contract allows: its first example, or one made from its schema. */
export function validBody(
  schemas: Schemas,
  { schema, examples }: NonNullable<ReturnType<typeof contentOf>>,
): unknown {
  return examples[0]?.value ?? (schema ? sampleValid(schemas, schema, 1, 1)[0] : {}) ?? {};
}

/** Parameters can have names that every object knows, such as `constructor`. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
