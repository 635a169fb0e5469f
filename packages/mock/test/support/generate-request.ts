import { type Contract, encodePath, type Operation } from '@sql-sessions/contract/model';
import { exampleRequest } from '../../src/contract/example-request.ts';
import type { Random } from './random.ts';

/** A request that is whole as HTTP, whatever it asks for. */
export interface GeneratedRequest {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string | undefined;
}

const LETTERS = [...'abcXYZ019-'];
const ODD = [...LETTERS, ...'_.~!$&()*+,;=:@', '%20', '%2F', '%2e', '%00', '%C3%A9', '%25'];

/** Draws a request for a contract, mostly near to what it allows: that is where mistakes would be. */
export function generateRequest(random: Random, contract: Contract): GeneratedRequest {
  const operation = random.pick(contract.operations);
  const example = exampleRequest(contract, operation);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(example.headers)) {
    const wanted = name === 'Content-Type' || random.chance(0.6);
    if (wanted) headers[name.toLowerCase()] = value;
  }
  if (random.chance(0.4)) headers.accept = random.pick(ACCEPTS);
  if (random.chance(0.3)) headers.prefer = random.pick(preferences(operation));
  const changed = random.chance(0.4);
  const body = changed ? random.pick([...BODIES, undefined]) : (example.body ?? undefined);
  if (changed) {
    delete headers['content-type'];
    if (body !== undefined && random.chance(0.85)) headers['content-type'] = random.pick(TYPES);
  }
  const query = random.chance(0.3) ? random.pick([...QUERIES, ...queries(operation)]) : '';
  return {
    method: random.chance(0.9) ? operation.method : random.pick(METHODS),
    target: path(random, operation) + query,
    headers,
    body,
  };
}

const METHODS = ['DELETE', 'GET', 'POST', 'PUT', 'PATCH', 'HEAD'];

function path(random: Random, operation: Operation): string {
  if (random.chance(0.08)) return random.pick(OTHER_PATHS);
  return operation.path.replace(/\{[^{}]+\}|[^{}]+/g, (text) =>
    text.startsWith('{') ? id(random) : encodePath(text),
  );
}

function id(random: Random): string {
  if (random.chance(0.5)) return `s-${random.below(20)}`;
  if (random.chance(0.5)) return random.pick(IDS);
  return random.text(random.chance(0.5) ? LETTERS : ODD, 40);
}

/** Wishes for what the operation documents, and for what it does not. */
function preferences({ responses }: Operation): string[] {
  const known = responses.flatMap(({ status, content }) => {
    const names = content.flatMap(({ examples }) => examples.map(({ name }) => name));
    return [
      `code=${status}`,
      ...names.flatMap((name) => [`example=${name}`, `code=${status}, example=${name}`]),
    ];
  });
  return [...known, ...PREFERENCES];
}

/** Queries with the operation's parameters, right ones and wrong ones. */
function queries({ parameters }: Operation): string[] {
  return parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name }) =>
      ['1', '5', 'x', 'open', '-1', '2026-01-01T00:00:00Z', '1.5'].map(
        (value) => `?${name}=${value}`,
      ),
    );
}

const IDS = [
  'a',
  'A-1',
  'a'.repeat(36),
  'a'.repeat(37),
  '-',
  '_',
  'with_underscore',
  'with%20space',
  '%2F',
  '%2e%2e',
  '..',
  '.',
  '',
  'a.b',
  'a%0Ab',
  '%F0%9F%98%80',
  '0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21',
];

const OTHER_PATHS = [
  '/',
  '/v1',
  '/v1/workspaces',
  '/v1/workspaces/w/sessions',
  '/v1/workspaces/w/sessions/s/',
  '/v1/workspaces/w/sessions/s/more',
  '/v2/workspaces/w/sessions/s',
  '/V1/workspaces/w/sessions/s',
  '/v1/workspaces/w/Sessions/s',
  '/favicon.ico',
];

const ACCEPTS = [
  '*/*',
  'application/json',
  'application/*',
  'text/html',
  'text/html, application/json;q=0.9',
  'text/html,application/xhtml+xml,*/*;q=0.8',
  'application/problem+json',
  'application/json;q=0',
];

const PREFERENCES = [
  'code=418',
  'code=999',
  'code=abc',
  'code=20',
  'code',
  'example=Nothing',
  'code=404,example=Other',
  'dynamic=maybe',
  'respond-async',
  'return=minimal; x=1',
  'code=404; code=500',
  '"',
];

const QUERIES = [
  '?',
  '?a=1&a=2',
  '?__code=404',
  '?__code=403&__example=Forbidden',
  '?__code=418',
  '?__example=Unauthorized',
  '?__code=404&__code=500',
  '?__proto__=x&constructor=y',
  '?x=%ZZ',
];

const BODIES = ['{ }', '{}', '{"a":1}', '[]', 'null', '""', '0', 'true', '{"__proto__":{"a":1}}'];

const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/vnd.api+json',
  'text/plain',
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
];
