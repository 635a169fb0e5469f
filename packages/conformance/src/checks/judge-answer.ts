import type { ErrorObject } from 'ajv/dist/2020.js';
import type { OperationModel } from '../contract/contract-model.ts';
import type { Exchange } from '../http/exchange.ts';
import { header } from '../http/parse-answers.ts';

const LENGTHS = ['minLength', 'maxLength'];

/** What is wrong with the content type of a documented answer; undefined: nothing, or the status is not documented. */
export function judgeType(exchange: Exchange, operation: OperationModel): string | undefined {
  const [answer] = exchange.answers;
  const content = answer && operation.responses.get(answer.status)?.content;
  if (!content || content.size === 0) return undefined;
  const value = header(answer, 'content-type');
  const documented = [...content.keys()].join(' or ');
  if (value === undefined)
    return `expected ${documented} for ${answer.status}, got no Content-Type`;
  const [essence = '', ...parameters] = value.split(';').map((part) => part.trim().toLowerCase());
  if (!content.has(essence)) return `expected ${documented} for ${answer.status}, got ${value}`;
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) return `expected UTF-8, got ${value}`;
  return undefined;
}

/** Whether a documented body is JSON in UTF-8. */
export function judgeJson(exchange: Exchange, operation: OperationModel): string | undefined {
  const [answer] = exchange.answers;
  if (!answer || !operation.responses.get(answer.status)?.content.size) return undefined;
  const parsed = parse(answer.body);
  return 'problem' in parsed ? `the body of the ${answer.status} ${parsed.problem}` : undefined;
}

export function judgeSchema(exchange: Exchange, operation: OperationModel): string | undefined {
  return describe(
    exchange,
    schemaErrors(exchange, operation, (keyword) => !LENGTHS.includes(keyword)),
  );
}

export function judgeLengths(exchange: Exchange, operation: OperationModel): string | undefined {
  return describe(
    exchange,
    schemaErrors(exchange, operation, (keyword) => LENGTHS.includes(keyword)),
  );
}

function describe(exchange: Exchange, errors: ErrorObject[]): string | undefined {
  if (errors.length === 0) return undefined;
  const texts = errors.map(
    ({ instancePath, message = '' }) =>
      `${instancePath.slice(1).replaceAll('/', '.') || 'the body'} ${message}`,
  );
  return `the body of the ${exchange.answers[0]?.status} breaks its schema: ${texts.join('; ')}`;
}

function schemaErrors(
  exchange: Exchange,
  operation: OperationModel,
  counts: (keyword: string) => boolean,
): ErrorObject[] {
  const [answer] = exchange.answers;
  const [validate] = (answer && operation.responses.get(answer.status)?.content.values()) ?? [];
  if (!answer || !validate) return [];
  const parsed = parse(answer.body);
  return 'problem' in parsed ? [] : validate(parsed.value).filter(({ keyword }) => counts(keyword));
}

function parse(body: Buffer): { value: unknown } | { problem: string } {
  if (body.length === 0) return { problem: 'is empty' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `is not JSON in UTF-8 (${(error as Error).message})` };
  }
}

const DETAILS: readonly (readonly [string, RegExp])[] = [
  [
    'a stack trace',
    /(?:^|\n|\\n)\s*at [^\n]*:\d+|\bat [\w.<>$ ]+ \([^)]*:\d+|Traceback \(most recent call last\)|File "[^"]+", line \d+|goroutine \d+ \[|\.java:\d+\)|\bpanic: /,
  ],
  [
    'SQL',
    /\b(?:SELECT|DELETE|UPDATE|INSERT)\b[^"]{1,200}\b(?:FROM|INTO|SET|WHERE)\b|\bpg_\w+|\bSQLSTATE\b|\bsyntax error at or near\b|\brelation \\?"/i,
  ],
  [
    'a path',
    /(?:^|[\s"'(=:[])(?:\/(?:home|usr|var|opt|etc|srv|app|root|tmp|Users|mnt|proc|workspace|node_modules)\/[\w.-]+|[A-Za-z]:\\{1,2}\w+)|file:\/\/|node_modules/,
  ],
  [
    'a host',
    /\b\d{1,3}(?:\.\d{1,3}){3}:\d+\b|\blocalhost:\d+|\b[\w-]+(?:\.[\w-]+)*\.(?:internal|local|lan|svc|cluster\.local)\b|\b(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b/,
  ],
];

/** What an answer tells about the server's inside, other than what the request itself brought. */
export function judgeDetails(exchange: Exchange, secrets: readonly string[]): string | undefined {
  const [answer] = exchange.answers;
  const text = answer?.body.toString('utf8') ?? '';
  const sent = [exchange.request.target, safeDecode(exchange.request.target)];
  for (const [what, pattern] of DETAILS) {
    const [match] = pattern.exec(text) ?? [];
    if (
      match !== undefined &&
      !sent.some((one) => one.includes(match.replace(/^[\s"'(=:[]+|[.,;:]+$/g, '')))
    ) {
      return `${what} stands in the ${answer?.status}: ${match.trim().slice(0, 80)}`;
    }
  }
  const index = secrets.findIndex((secret) => secret !== '' && text.includes(secret));
  return index === -1
    ? undefined
    : `secret number ${index + 1} of the setup stands in the ${answer?.status}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
