import {
  type Operation,
  type Parameter,
  toHttpRequest,
  writeBody,
} from '@sql-sessions/contract/model';
import type { WireRequest } from '../http/wire-request.ts';
import { contentOf } from '../values/content.ts';
import { credentialsOf, type Identity } from '../values/credentials.ts';
import { unguessableValue } from '../values/ids.ts';
import { sampleValid } from '../values/sample.ts';
import type { Schemas } from '../values/schemas.ts';
import { NotExercised } from './failure.ts';

type Headers = readonly (readonly [string, string])[];

/** The caller is that of the run where there is neither a token nor credentials. */
export interface CallOptions extends Identity {
  /** Values of parameters by name. Required ones that are missing get a value that the contract allows. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Path segments by parameter name that go onto the wire exactly as given. */
  readonly rawParams?: Readonly<Record<string, string>>;
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
  /** Who calls where nobody else is named. */
  readonly caller: Identity;
}

/** Writes the request for one call of an operation. */
export function requestOf(
  operation: Operation,
  { params = {}, rawParams = {}, headers = [], body, json, method, ...named }: CallOptions,
  { schemas, prefix, headers: always, label, caller }: Surroundings,
): WireRequest {
  const valueFor = (parameter: Parameter): unknown => {
    const given = own(params, parameter.name);
    if (given !== undefined || !parameter.required) return given;
    const example = parameter.in === 'path' ? undefined : schemas.validExamples(parameter)[0];
    const value = example ?? unguessableValue(schemas, parameter, label);
    if (value !== undefined) return value;
    throw new NotExercised(
      `no value of ${parameter.name} could be made from its schema; an example in the contract would do`,
    );
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
      credentials: credentialsOf(
        operation,
        named.token === undefined && named.credentials === undefined ? caller : named,
      ),
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
  content: NonNullable<ReturnType<typeof contentOf>>,
): unknown {
  const { schema } = content;
  const [example] = schemas.validExamples(content);
  if (example !== undefined) return example;
  const made = schema ? sampleValid(schemas, schema, 1, 1) : [{}];
  if (made.length > 0) return made[0];
  throw new NotExercised(
    'no body could be made from its schema; an example in the contract would do',
  );
}

/** Parameters can have names that every object knows, such as `constructor`. */
function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
