import {
  canHaveBody,
  type Header,
  isJson,
  kindOfMediaType,
  mediaTypeFor,
  type Operation,
  responseFor,
} from '@sql-sessions/contract/model';
import type { Exchange } from '../http/exchange.ts';
import { header, type WireResponse } from '../http/parse-responses.ts';
import { acceptsText } from '../values/read-text.ts';
import type { Schemas } from '../values/schemas.ts';

/** Says what is wrong with a response; undefined: nothing, or the contract does not describe it. */
export type Judge = (
  exchange: Exchange,
  operation: Operation,
  schemas: Schemas,
) => string | undefined;

/** What a documented response should be, where it has a body at all. */
function expectation({ responses: [response], request }: Exchange, operation: Operation) {
  const documented = response && responseFor(operation, response.status);
  if (!documented || documented.content.length === 0) return undefined;
  if (!canHaveBody(request.method, response.status)) return undefined;
  const type = header(response, 'content-type');
  return { response, documented, type, media: mediaTypeFor(documented.content, type ?? '') };
}

export const judgeType: Judge = (exchange, operation) => {
  const found = expectation(exchange, operation);
  if (!found) return undefined;
  const { response, documented, type, media } = found;
  const expected = documented.content.map(({ mediaType }) => mediaType).join(' or ');
  const wanted = `expected ${expected} for ${response.status}`;
  if (type === undefined) return `${wanted}, got no Content-Type`;
  if (!media) return `${wanted}, got ${type}`;
  const charset = charsetOf(type);
  return charset && isJson(media.mediaType) && !/^utf-?8$/i.test(charset)
    ? `expected UTF-8, got ${type}`
    : undefined;
};

export const judgeJson: Judge = (exchange, operation) => {
  const found = expectation(exchange, operation);
  const media = found?.media ?? found?.documented.content[0];
  if (!found || !media || !isJson(media.mediaType)) return undefined;
  const parsed = parse(found.response.body);
  return 'problem' in parsed
    ? `the body of the ${found.response.status} ${parsed.problem}`
    : undefined;
};

export const judgeSchema: Judge = (exchange, operation, schemas) => {
  const found = expectation(exchange, operation);
  const media = found?.media ?? found?.documented.content[0];
  if (!found || !media?.schema) return undefined;
  const json = isJson(media.mediaType);
  const text =
    kindOfMediaType(media.mediaType) === 'text' &&
    [schemas.flatten(media.schema).type].flat().includes('string');
  if (!json && !text) return undefined;
  const parsed = json
    ? parse(found.response.body)
    : { value: decode(found.response.body, charsetOf(found.type)) };
  const errors = 'problem' in parsed ? [] : schemas.errors(media.schema, parsed.value, 'response');
  if (errors.length === 0) return undefined;
  const texts = errors
    .slice(0, 5)
    .map(
      ({ instancePath, message = '', keyword }) =>
        `${instancePath.slice(1).replaceAll('/', '.') || 'the body'} ${keyword === 'false schema' ? 'must not be there' : message}`,
    );
  return `the body of the ${found.response.status} breaks its schema: ${texts.join('; ')}`;
};

export const judgeHeaders: Judge = ({ responses: [response] }, operation, schemas) => {
  const documented = response && responseFor(operation, response.status);
  for (const expected of documented?.headers ?? []) {
    const values = valuesOf(response as WireResponse, expected.name);
    const where = `the header ${expected.name} of the ${response?.status}`;
    if (values.length === 0 && expected.required) return `${where} is missing`;
    const problems = values.map((value) => judgeHeader(expected, value, schemas));
    if (problems.length > 0 && !problems.includes(undefined)) return `${where} ${problems[0]}`;
  }
  return undefined;
};

/** What a header says: once, unless it is a list of cookies, which nothing joins. */
function valuesOf(response: WireResponse, name: string): string[] {
  if (!/^set-cookie$/i.test(name)) return [header(response, name) ?? []].flat();
  return response.headers.flatMap(([key, value]) => (/^set-cookie$/i.test(key) ? [value] : []));
}

function judgeHeader(expected: Header, value: string, schemas: Schemas): string | undefined {
  const { mediaType, schema } = expected;
  const breaks = `breaks its schema: ${value}`;
  if (mediaType === undefined)
    return acceptsText(schemas, { ...expected, in: 'header' }, value) ? undefined : breaks;
  if (!isJson(mediaType)) return undefined;
  const parsed = parse(Buffer.from(value, 'latin1'));
  if ('problem' in parsed) return parsed.problem;
  return schemas.errors(schema, parsed.value, 'response').length > 0 ? breaks : undefined;
}

/** All of the above, the first problem first. */
export const judgeShape: Judge = (...given) =>
  [judgeType, judgeJson, judgeSchema, judgeHeaders]
    .map((judge) => judge(...given))
    .find((problem) => problem !== undefined);

function charsetOf(type: string | undefined): string | undefined {
  return /;\s*charset="?([^";\s]+)/i.exec(type ?? '')?.[1];
}

/** A text in the charset that it says, if that is known. */
function decode(body: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString();
  }
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
    /(?:^|\n|\\n)\s*at [^\n]*:\d+|\bat [\w.<>$ ]+ \([^)]*:\d+|\bat [\w.]+\.[\w`<>]+\([^)]*\)(?: in |\\n|\n)|Traceback \(most recent call last\)|File "[^"]+", line \d+|goroutine \d+ \[|\.(?:java|go|rs|cs|kt|rb|php|py):(?:line )?\d+|\bpanic(?:ked at|: )|\bstack backtrace\b/,
  ],
  [
    'SQL or a message of a database',
    /\b(?:SELECT|DELETE|UPDATE|INSERT)\b[^"]{1,200}\b(?:FROM|INTO|SET|WHERE)\b|\bpg_\w+|\bSQLSTATE\b|\bsyntax error at or near\b|\brelation \\?"|\berror in your SQL syntax\b|\bDuplicate entry '|\bER_[A-Z_]{4,}\b|\bORA-\d{5}\b|\bSQLITE_[A-Z]{4,}|\bMsg \d+, Level \d+|\bE11000\b|\bWRONGTYPE Operation\b|\bdeadlock detected\b/i,
  ],
  [
    'a name from inside the program',
    /\b(?:System|Microsoft)\.(?:\w+\.)*\w*Exception\b|\b(?:java|javax|org|com)\.(?:\w+\.)+\w*(?:Exception|Error)\b|\bruntime error: |\bcalled `(?:Result|Option)::|\bUnhandledPromiseRejection\b|\bTypeError: |\bundefined method `|\b(?:kotlinx?|scala)\.(?:\w+\.)*\w*(?:Exception|Error)\b|\*\* \(\w+Error\)|\bCannot read propert(?:y|ies) of |\bUnexpectedly found nil\b|\brpc error: code = /,
  ],
  [
    'a path',
    /(?:^|[\s"'(=:[])(?:\/(?:home|usr|var|opt|etc|srv|app|root|tmp|Users|mnt|proc|workspace|node_modules)\/[\w.-]+|[A-Za-z]:\\{1,2}\w+)|file:\/\/|node_modules/,
  ],
  [
    'a host',
    /\b\d{1,3}(?:\.\d{1,3}){3}:\d+\b|\blocalhost:\d+|\barn:aws:[\w-]+:|\b[\w-]+(?:\.[\w-]+)*\.(?:internal|local|lan|svc|cluster\.local)\b|\b(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b/,
  ],
];

/** What a response tells about the server's inside, other than what the request itself brought. */
export function judgeDetails(exchange: Exchange, secrets: readonly string[]): string | undefined {
  const [response] = exchange.responses;
  const text = response?.body.toString('utf8') ?? '';
  const sent = [exchange.request.target, safeDecode(exchange.request.target)];
  for (const [what, pattern] of DETAILS) {
    const [match] = pattern.exec(text) ?? [];
    if (match === undefined) continue;
    const plain = match.replace(/^[\s"'(=:[]+|[.,;:]+$/g, '');
    if (sent.some((one) => one.includes(plain))) continue;
    return `${what} stands in the ${response?.status}: ${match.trim().slice(0, 80)}`;
  }
  const index = secrets.findIndex((secret) => secret !== '' && text.includes(secret));
  return index === -1
    ? undefined
    : `secret number ${index + 1} of the setup stands in the ${response?.status}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
