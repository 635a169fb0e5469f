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

/** Draws a request for the contract, mostly near to what it allows: that is where mistakes would be. */
export function generateRequest(random: Random): GeneratedRequest {
  const headers: Record<string, string> = {};
  if (random.chance(0.5)) headers['x-auth-token'] = random.text(LETTERS, 20);
  if (random.chance(0.4)) headers.accept = random.pick(ACCEPTS);
  if (random.chance(0.3)) headers.prefer = random.pick(PREFERENCES);
  const body = random.chance(0.4) ? random.pick(BODIES) : undefined;
  if (body !== undefined && random.chance(0.85)) headers['content-type'] = random.pick(TYPES);
  return {
    method: random.chance(0.9) ? 'DELETE' : random.pick(['GET', 'POST', 'PUT', 'PATCH', 'HEAD']),
    target: path(random) + (random.chance(0.2) ? random.pick(QUERIES) : ''),
    headers,
    body,
  };
}

function path(random: Random): string {
  if (random.chance(0.08)) return random.pick(OTHER_PATHS);
  return `/v1/workspaces/${id(random)}/sessions/${id(random)}`;
}

function id(random: Random): string {
  if (random.chance(0.5)) return `s-${random.below(20)}`;
  if (random.chance(0.5)) return random.pick(IDS);
  return random.text(random.chance(0.5) ? LETTERS : ODD, 40);
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
  'code=200',
  'code=400',
  'code=401',
  'code=403',
  'code=404',
  'code=408',
  'code=500',
  'code=404, example=NotFound',
  'code=404,example=Other',
  'example=RequestTimeout',
  'example=Nothing',
  'code=418',
  'code=999',
  'code=abc',
  'code=20',
  'code',
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
