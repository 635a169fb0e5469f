import {
  describeLimits,
  followSchema,
  type Operation,
  type Parameter,
  type Schema,
} from '@sql-sessions/contract/model';
import { compile, compileText, contract } from './contract.ts';

/** The parts of a request that a contract can set rules for. `body` is undefined where none was sent. */
export interface RequestParts {
  params: unknown;
  query: unknown;
  headers: unknown;
  body?: unknown;
}

/** Says what breaks the contract, in the contract's words and without the value; undefined where nothing does. */
export type RequestCheck = (request: RequestParts) => string | undefined;

/** A check of an operation's requests against the contract's own schemas of its parameters and its body. */
export function requestCheck({ parameters, requestBody }: Operation): RequestCheck {
  const checks = parameters.map((parameter) => {
    const { name, required, schema } = parameter;
    const keeps = compileText(schema);
    return check(name, required, schema, keeps, (request) => partOf(parameter, request));
  });
  const json = requestBody?.content.find(({ mediaType }) => mediaType === 'application/json');
  if (json?.schema) {
    const { required = false } = requestBody ?? {};
    checks.push(check('body', required, json.schema, compile(json.schema), ({ body }) => body));
  }
  return (request) => {
    for (const each of checks) {
      const broken = each(request);
      if (broken !== undefined) return broken;
    }
    return undefined;
  };
}

function check(
  name: string,
  required: boolean,
  schema: Schema,
  keeps: (value: unknown) => boolean,
  valueIn: (request: RequestParts) => unknown,
): RequestCheck {
  const rule = `${name} must be ${describeLimits(followSchema(contract, schema))}`;
  return (request) => {
    const value = valueIn(request);
    return (value === undefined ? !required : keeps(value)) ? undefined : rule;
  };
}

function partOf({ name, in: place }: Parameter, { params, query, headers }: RequestParts): unknown {
  const values = { path: params, query, header: headers, cookie: {} }[place];
  return Object(values)[place === 'header' ? name.toLowerCase() : name];
}
