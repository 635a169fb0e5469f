import type { Contract, Method, Operation, Parameter, RequestBody, Response } from './contract.ts';
import { describeLimits } from './describe-limits.ts';
import type { EncodeBody } from './encode-body.ts';
import type { EncodeParameter } from './encode-parameter.ts';
import * as encoders from './encoders.ts';
import type { Accepts } from './fits.ts';
import { type Limits, limitsOf, mayBeStructured } from './limits.ts';
import { essenceOf, isJson, kindOfMediaType } from './media-type.ts';
import { followSchema } from './schemas.ts';
import { fixedTypes } from './write-body.ts';
import { DELIMITERS, separatorOf } from './write-parameter.ts';

/** What a client has to know about an operation to send it and to read what comes back. */
export interface OperationRow {
  /** The `operationId` in the contract. */
  readonly id: string;
  readonly method: Method;
  /** Path template with each parameter in braces. */
  readonly path: string;
  readonly parameters: readonly ParameterRow[];
  /** Absent: the operation takes no body. */
  readonly body?: BodyRow;
  /**
   * By status (`404`, `4XX`, `default`): the media types of the body, in lower case and without parameters, each with
   * the way to read it. Empty: no body is documented.
   */
  readonly responses: Readonly<Record<string, Readonly<Record<string, ReaderRow>>>>;
  /** Every media type that is documented for a response, as the header `Accept` has it. */
  readonly accept: string;
  /** The alternatives, each a list of credentials that go together. Empty: none is needed, and none must be sent. */
  readonly security: readonly (readonly CredentialRow[])[];
}

/** A parameter and the limits that the contract sets for it. */
export interface ParameterRow {
  readonly name: string;
  readonly in: Parameter['in'];
  readonly required: boolean;
  /** The limits in words that complete "must be …". */
  readonly rule: string;
  /** Types of JSON Schema; absent: any. */
  readonly type?: string | readonly string[];
  /** Whether a value keeps the limits. */
  readonly accepts: Accepts;
  /** Absent: the value is a scalar, written as it is. */
  readonly encode?: EncodeParameter;
}

export interface BodyRow {
  readonly required: boolean;
  /** By media type; the one that is sent where the caller names none stands first. */
  readonly types: Readonly<Record<string, EncodeBody>>;
}

/** How the body of a response is read. */
export interface ReaderRow {
  readonly as: 'json' | 'text' | 'binary';
  /** The members that a JSON object must have; absent: other values than objects are documented. */
  readonly required?: readonly string[];
}

/** A credential that is sent in a header. */
export interface CredentialRow {
  /** Name of the security scheme. */
  readonly scheme: string;
  /** Name of the header. */
  readonly header: string;
  /** What stands in front of the token: `Bearer `, or nothing. */
  readonly prefix: string;
  /** Absent: the token is written as it is. */
  readonly encode?: (token: string) => string;
}

/** An encoder by its name, so that a row can be printed as code that imports it. */
export class Encoder {
  readonly name: keyof typeof encoders;
  readonly args: readonly unknown[];

  constructor(name: keyof typeof encoders, ...args: unknown[]) {
    this.name = name;
    this.args = args;
  }
}

const ENCODERS = new Map<string, unknown>(Object.entries(encoders));

/** The row of an operation, ready to be used. */
export function toRow(contract: Contract, operation: Operation): OperationRow {
  return instantiate(describeRow(contract, operation)) as OperationRow;
}

/** The row of an operation, with an {@link Encoder} in the place of each function. */
export function describeRow(contract: Contract, operation: Operation): object {
  const { id, method, path, parameters, requestBody, responses, security } = operation;
  const body = describeBody(requestBody);
  const readers = responses.map(
    (response) => [response.status, readersOf(contract, operation, response)] as const,
  );
  const types = new Set(readers.flatMap(([, one]) => Object.keys(one)));
  return {
    id,
    method,
    path,
    parameters: parameters.map((parameter) => describeParameter(contract, parameter)),
    ...(body && { body }),
    responses: Object.fromEntries(readers),
    accept: [...types].join(', ') || '*/*',
    security: security.flatMap(({ schemes }) => {
      const credentials = schemes.map(({ scheme: { name, credential, httpScheme } }) => ({
        scheme: name,
        in: credential?.in,
        header: credential?.name,
        prefix: credential?.prefix,
        ...(httpScheme === 'basic' && { encode: new Encoder('basic') }),
      }));
      // What is not sent in a header is not the client's to send.
      return credentials.every((one) => one.in === 'header')
        ? [credentials.map(({ in: _, ...credential }) => credential)]
        : [];
    }),
  };
}

/** Whether HTTP gives a response to such a method, with such a status, a body. */
export function canHaveBody(method: string, status: string | number): boolean {
  return method !== 'HEAD' && !/^(1\d\d|1XX|204|205|304)$/.test(`${status}`);
}

/** How the body of a response is read, by media type; empty where HTTP or the contract knows none. */
export function readersOf(
  contract: Contract,
  { method }: Pick<Operation, 'method'>,
  { status, content }: Pick<Response, 'status' | 'content'>,
): Record<string, ReaderRow> {
  if (!canHaveBody(method, status)) return {};
  return Object.fromEntries(
    content.map(({ mediaType, schema = {} }) => {
      const kind = kindOfMediaType(mediaType);
      const as = kind === 'json' || kind === 'binary' ? kind : 'text';
      const { type, required = [] } = followSchema(contract, schema);
      const isObject = as === 'json' && type === 'object';
      return [essenceOf(mediaType), { as, ...(isObject && { required }) }];
    }),
  );
}

/** The media types of a request body; JSON comes first, as it is what is sent where the caller names none. */
export function bodyTypes({ content }: RequestBody): RequestBody['content'] {
  const json = (one: { mediaType: string }) => isJson(one.mediaType);
  return [...content.filter(json), ...content.filter((one) => !json(one))];
}

function describeParameter(contract: Contract, parameter: Parameter): object {
  const { name, in: place, required, schema } = parameter;
  const encode = encoderOf(contract, parameter);
  const followed = followSchema(contract, schema);
  const rule = describeLimits(followed);
  const own = limitsOf(contract, schema);
  const separator = mayBeStructured(contract, schema) ? separatorOf(parameter) : undefined;
  const apart = separator && {
    ...(own.type && { type: own.type }),
    items: { pattern: `^[^${separator}]*$` },
  };
  const limits = apart ? { ...own, allOf: [...(own.allOf ?? []), apart] } : own;
  return {
    name,
    in: place,
    required,
    rule: separator ? `${rule}, none of its items with ${nameOf(separator)}` : rule,
    ...(limits.type && { type: limits.type }),
    accepts: checkOf(limits),
    ...(encode && { encode }),
  };
}

function nameOf(separator: string): string {
  return separator === ' ' ? 'a space' : `\`${separator}\``;
}

function checkOf(limits: Limits): Encoder {
  const { type, minLength, maxLength, pattern, ...others } = limits;
  if (type !== 'string' || Object.keys(others).length > 0) return new Encoder('matches', limits);
  const args = [minLength, maxLength, pattern];
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  return new Encoder('isText', ...args);
}

function encoderOf(contract: Contract, parameter: Parameter): Encoder | undefined {
  const { in: place, style, explode, mediaType, allowReserved, schema } = parameter;
  if (isJson(mediaType)) {
    return new Encoder('jsonParameter', place);
  }
  if (!mayBeStructured(contract, schema) && !allowReserved) return undefined;
  if (place !== 'query') return new Encoder('simple', explode, place === 'header');
  return queryEncoder(style, explode, allowReserved);
}

function queryEncoder(style: string, explode: boolean, reserved: boolean): Encoder {
  if (style === 'deepObject') return new Encoder('deepObject', reserved);
  const delimiter = DELIMITERS[style];
  return new Encoder('form', explode, reserved, ...(delimiter ? [delimiter] : []));
}

function describeBody(body: RequestBody | undefined): object | undefined {
  if (!body || body.content.length === 0) return undefined;
  const types = bodyTypes(body).map(({ mediaType, encoding }) => {
    const kind = kindOfMediaType(mediaType);
    const entries = Object.entries(encoding);
    if (kind === 'urlencoded') {
      const styles = entries
        .filter(([, { contentType }]) => contentType === undefined)
        .map(([name, { style, explode, allowReserved }]) => [
          name,
          queryEncoder(style, explode, allowReserved),
        ]);
      return [mediaType, new Encoder(kind, Object.fromEntries(styles))];
    }
    if (kind === 'multipart') {
      return [mediaType, new Encoder(kind, fixedTypes(encoding))];
    }
    return [mediaType, new Encoder(kind)];
  });
  return { required: body.required, types: Object.fromEntries(types) };
}

function instantiate(value: unknown): unknown {
  if (value instanceof Encoder) {
    const make = ENCODERS.get(value.name) as (...args: unknown[]) => unknown;
    return make(...value.args.map(instantiate));
  }
  if (Array.isArray(value)) return value.map(instantiate);
  if (typeof value !== 'object' || !value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, instantiate(one)]));
}
