import type { Operation } from '@sql-sessions/contract/operations';
import { compile, lookUp } from './contract-document.ts';

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
export function requestCheck(operation: Operation): RequestCheck {
  const checks = [...operation.parameters.map(parameterCheck), bodyCheck(operation)];
  return (request) => {
    for (const check of checks) {
      const broken = check(request);
      if (broken !== undefined) return broken;
    }
    return undefined;
  };
}

function parameterCheck(parameter: Operation['parameters'][number]): RequestCheck {
  const { name, in: place, required, rule, schema } = parameter;
  const kept = compile(schema);
  return ({ params, query, headers }) => {
    const values = { path: params, query, header: headers, cookie: {} }[place];
    const value = Object(values)[place === 'header' ? name.toLowerCase() : name];
    return (value === undefined ? !required : kept(value)) ? undefined : `${name}: ${rule}`;
  };
}

function bodyCheck({ path, method }: Operation): RequestCheck {
  const body = ['paths', path, method.toLowerCase(), 'requestBody'];
  const media = [...body, 'content', 'application/json'];
  const found = lookUp(...media) as { schema: { $ref: string } } | undefined;
  if (!found) return () => undefined;
  const kept = compile({ $ref: `contract${found.schema.$ref}` });
  const required = lookUp(...body, 'required') === true;
  const rule = `body: ${lookUp(...media, 'schema', 'description')}`;
  return ({ body }) => ((body === undefined ? !required : kept(body)) ? undefined : rule);
}
