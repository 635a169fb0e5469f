import {
  isJson,
  kindOfMediaType,
  type MediaType,
  type Operation,
  type RequestBody,
  type Schema,
  writeBody,
} from '@sql-sessions/contract/model';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import type { Level } from '../run/failure.ts';
import { bodyPlace, isSafe, refusalsOf } from '../run/operations.ts';
import { validBody } from '../run/request-of.ts';
import { type Broken, breakRules } from '../values/broken.ts';
import { contentOf } from '../values/content.ts';
import { sampleValid } from '../values/sample.ts';
import type { Schemas } from '../values/schemas.ts';
import { findGround, onto } from './ground.ts';

const group = 'Bodies';
const MEGABYTE = 1024 * 1024;
/** Made once: every exchange that is remembered refers to the same. */
const LARGE: readonly Bad[] = [
  { what: 'a megabyte of JSON', body: `{"a":"${'x'.repeat(MEGABYTE)}"}` },
  { what: 'nested 100,000 times', body: '['.repeat(100_000) },
  { what: 'a megabyte of spaces', body: `{${' '.repeat(MEGABYTE)}}` },
];
/** HTTP's own statuses for a body: too large, of an unsupported type. */
const HTTP = [413, 415];

function hasBody({ requestBody }: Operation): boolean {
  return requestBody !== undefined;
}

function hasJson({ requestBody }: Operation): boolean {
  return requestBody !== undefined && isJson(contentOf(requestBody)?.mediaType ?? '');
}

/** Whether the body has fields that the kit can write one by one. */
function hasFields({ requestBody }: Operation): boolean {
  const { mediaType = '' } = (requestBody && contentOf(requestBody)) ?? {};
  return ['json', 'urlencoded', 'multipart'].includes(kindOfMediaType(mediaType));
}

interface Bad {
  what: string;
  body: string | Uint8Array | null;
  type?: string | null;
}

interface BadRule extends Pick<Check, 'id' | 'sentence' | 'hint'> {
  level?: Level;
  /** Such a body can end a server, or is a load: one after the other. */
  dangerous?: boolean;
  orClosed?: boolean;
  /** The status does not matter, as long as it is not a failure of the server's own. */
  harmless?: boolean;
}

/** A check that bodies which are not the documented one are refused and do nothing. */
function badBodies(
  { level = 'contract', dangerous = false, orClosed = false, harmless = false, ...rule }: BadRule,
  appliesTo: (operation: Operation) => boolean,
  bodies: (context: CheckContext) => readonly Bad[],
): Check {
  return {
    ...rule,
    level,
    group,
    source: bodyPlace,
    appliesTo: (operation) => appliesTo(operation) && refusalsOf(operation).length > 0,
    async run(context) {
      const { operation } = context;
      const usual = (operation.requestBody && contentOf(operation.requestBody)?.mediaType) ?? null;
      const ground = await findGround(context);
      const optional = !operation.requestBody?.required;
      // A server that has no use for an optional body need not read it.
      const unread = harmless || (optional && !(await judgesMembers(context)));
      await context.each(
        bodies(context),
        async ({ what, body, type = usual }) => {
          const subject =
            ground.subject && !isSafe(operation) ? await context.live() : ground.subject;
          const headers = type === null ? [] : [['Content-Type', type] as const];
          const exchange = await context.call({ ...onto(subject), body, headers }, { http: HTTP });
          const gone = exchange.failure === 'closed' || exchange.failure === 'reset';
          if (!(orClosed && gone)) {
            // To many a parser `null` is no body.
            const passes = unread || (optional && body === 'null');
            const statuses = [
              ...ground.refusals,
              ...HTTP,
              ...(passes ? [...context.successes, context.usual] : []),
            ];
            const status = exchange.responses[0]?.status ?? 0;
            if (status >= 400)
              await context.expectUntouched(subject, exchange, `the body was ${what}`);
            context.expectStatus(exchange, statuses, `the body was ${what}`);
          }
          if (dangerous) await context.expectAlive(exchange);
        },
        { together: !dangerous },
      );
    },
  };
}

/** Whether a body that is an object, of other members than documented, is refused: then bodies are read and judged. */
async function judgesMembers(context: CheckContext): Promise<boolean> {
  const { operation, schemas } = context;
  const content = operation.requestBody && contentOf(operation.requestBody);
  if (!content?.schema || !isJson(content.mediaType)) return false;
  const wrong = brokenBodies(schemas, content).find(({ value }) =>
    JSON.stringify(value).startsWith('{'),
  );
  if (!wrong) return false;
  const { subject } = await findGround(context);
  const json = wrong.value;
  const exchange = await context.call({ ...onto(subject), json }, { http: HTTP });
  const status = exchange.responses[0]?.status ?? 0;
  // An id that nobody has gets 404 with any body.
  return status !== 404 && refusalsOf(operation).includes(status);
}

function brokenBodies(schemas: Schemas, content: MediaType): Broken[] {
  const { schema = {}, mediaType } = content;
  const broken = breakRules(schemas, schema, validBody(schemas, content));
  return isJson(mediaType)
    ? broken
    : broken.filter(
        ({ at, value }) => isSendable(at, value) && !isReadable(schemas, schema, value),
      );
}

/** Whether a form can carry what is broken: a field, or its absence, and no value that leaves no trace. */
function isSendable(at: string, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (at.includes('.')) return false;
  const fields = value as Record<string, unknown>;
  const isTraceable = (field: unknown) => field !== '' && typeof field !== 'object';
  if (at !== '') return !(at in fields) || isTraceable(fields[at]);
  return Object.keys(fields).length > 0 && Object.values(fields).every(isTraceable);
}

/** Whether the texts of a form may be meant as a value that is allowed; a single one may be a list. */
function isReadable(schemas: Schemas, schema: Schema, value: unknown): boolean {
  const { properties = {} } = schemas.flatten(schema);
  const texts = Object.entries(value as object).map(([name, one]) => {
    if (typeof one === 'object') return [name, one];
    const isList = [schemas.flatten(properties[name]).type].flat().includes('array');
    return [name, isList ? [`${one}`] : `${one}`];
  });
  return schemas.acceptsLoosely(schema, Object.fromEntries(texts));
}

/** The other types of body that the contract has, as far as the kit can write them, each with a value that it allows. */
function otherBodies(
  schemas: Schemas,
  { content }: RequestBody,
  given: unknown,
): [MediaType, unknown][] {
  const usual = contentOf({ content });
  const writable = content.filter(
    (one) =>
      one !== usual && kindOfMediaType(one.mediaType) !== 'binary' && !one.mediaType.includes('*'),
  );
  return writable.flatMap((one): [MediaType, unknown][] => {
    if (given !== undefined)
      return one.schema && schemas.accepts(one.schema, given) ? [[one, given]] : [];
    return [[one, validBody(schemas, one)]];
  });
}

export const bodyChecks: Check[] = [
  {
    id: 'body-documented',
    sentence: 'The body that the contract gives as its example is accepted, however it is sent.',
    group,
    level: 'contract',
    hint: 'Compare media types without letter case and parameters, and read chunked bodies like others.',
    source: bodyPlace,
    needs: ['live'],
    appliesTo: hasBody,
    async run(context) {
      const {
        schemas,
        operation: { requestBody },
      } = context;
      const content = requestBody && contentOf(requestBody);
      if (!content) return;
      const given = (await context.live()).body;
      const shapes = [
        ...shapesOf(content, given ?? validBody(schemas, content)),
        ...otherBodies(schemas, requestBody, given).flatMap(([other, value]) =>
          shapesOf(other, value)
            .slice(0, 1)
            .map((shape) => ({ ...shape, what: `, as ${other.mediaType}` })),
        ),
      ];
      await context.each(
        shapes,
        async ({ what, level, body, headers }) => {
          const subject = await context.live();
          const exchange = await context.call({ ...onto(subject), body, headers });
          const reason = `this is the contract’s own example${what}`;
          context.expectStatus(exchange, context.successes, reason, level);
        },
        { together: true },
      );
    },
  },
  {
    id: 'body-accepted',
    sentence: 'Every body that the schema allows is understood.',
    group,
    level: 'contract',
    hint: 'Validate with the contract’s own schema instead of a second one written by hand.',
    source: bodyPlace,
    needs: ['live'],
    appliesTo: (operation) => hasJson(operation),
    async run(context) {
      const { schemas, operation, seed } = context;
      const content = operation.requestBody && contentOf(operation.requestBody);
      if (!content?.schema) return;
      const { body: given } = await context.live();
      const values =
        given === undefined
          ? sampleValid(schemas, content.schema, seed, 6)
          : lessOf(given).filter((one) => schemas.accepts(content.schema ?? {}, one));
      await context.each(
        values,
        async (json) => {
          const exchange = await context.call({ ...onto(await context.live()), json });
          const statuses = [...context.successes, ...context.understood];
          context.expectStatus(exchange, statuses, 'the schema of the body allows this one');
        },
        { together: true },
      );
    },
  },
  {
    id: 'body-absent',
    sentence:
      'No body at all is accepted where none is required, also if a type or a length of 0 is announced.',
    group,
    level: 'contract',
    hint: 'Parse a body only if its length is not 0: some parsers take an empty text for broken JSON.',
    source: bodyPlace,
    needs: ['live'],
    appliesTo: ({ requestBody }) => requestBody !== undefined && !requestBody.required,
    async run(context) {
      const { requestBody } = context.operation;
      const { mediaType = '*' } = (requestBody && contentOf(requestBody)) ?? {};
      const type = ['Content-Type', mediaType] as const;
      const none = ['Content-Length', '0'] as const;
      // A range names no type, and the parts of none have no boundary.
      const typed = /^multipart\/|\*/i.test(mediaType) ? [] : [[type, none], [type]];
      await context.each(
        [[], [none], ...typed],
        async (headers) => {
          const { params } = await context.live();
          const exchange = await context.call({ params, headers, body: null });
          context.expectStatus(exchange, context.successes, 'the contract does not ask for a body');
        },
        { together: true },
      );
    },
  },
  badBodies(
    {
      id: 'body-required',
      sentence: 'A call without the body that it must have is refused.',
      hint: 'Refuse an absent body before the handler reads fields from it.',
    },
    ({ requestBody }) => requestBody?.required === true,
    () => [
      { what: 'missing', body: null },
      { what: 'missing, with a length of 0', body: '' },
      { what: 'missing, and so was its type', body: null, type: null },
    ],
  ),
  badBodies(
    {
      id: 'body-rules',
      sentence:
        'A body that breaks one rule of its schema is refused, whichever rule and however deep; an optional body may go unread, but not be judged by some of its rules alone.',
      hint: 'Validate the whole body with the contract’s own schema, formats and additionalProperties included.',
    },
    hasFields,
    (context) => {
      const { requestBody } = context.operation;
      const content = requestBody && contentOf(requestBody);
      if (!content?.schema) return [];
      return brokenBodies(context.schemas, content).map(({ rule, at, value }) => {
        const { text, contentType } = writeBody(content, value);
        const what = `one that breaks ${rule}${at === '' ? '' : ` at ${at}`}`;
        return { what, body: text, type: contentType };
      });
    },
  ),
  badBodies(
    {
      id: 'body-broken-json',
      dangerous: true,
      sentence: 'A body that is not JSON is refused in time, and the server lives on.',
      hint: 'A parser throws on broken JSON: turn that into the contract’s 400 (Express: an error handler for status 400).',
    },
    hasJson,
    () => [
      { what: 'an open brace', body: '{' },
      { what: 'cut off', body: '{"a":' },
      { what: 'a bare word', body: 'nul' },
      { what: 'not UTF-8', body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
      { what: 'a single NUL', body: Buffer.from([0]) },
      { what: 'two values', body: '{}{}' },
    ],
  ),
  badBodies(
    {
      id: 'body-wrong-type',
      sentence: 'A body of another type is refused or not read, and never an inner error.',
      hint: 'Respond with 415 or 400 to a Content-Type that the contract does not have, a nonsense one included.',
      harmless: true,
    },
    hasBody,
    () => [
      { what: 'plain text', body: 'hello', type: 'text/plain' },
      { what: 'XML', body: '<a/>', type: 'application/xml' },
      { what: 'of no type', body: '{}', type: null },
      { what: 'of a nonsense type', body: '{}', type: ';;=' },
      { what: 'an attack on the prototype', body: '{"__proto__":{"polluted":true}}' },
    ],
  ),
  badBodies(
    {
      id: 'body-large',
      dangerous: true,
      sentence:
        'A megabyte of body, or one nested a hundred thousand times, is refused or not read.',
      hint: 'Limit the size of a body before it is parsed.',
      level: 'hardening',
      orClosed: true,
      harmless: true,
    },
    hasJson,
    () => LARGE,
  ),
  {
    id: 'body-cannot-redirect',
    sentence: 'The path alone says what is meant: ids in a body change nothing.',
    group,
    level: 'contract',
    hint: 'Do not merge path, query and body into one object of parameters.',
    source: bodyPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) => hasJson(operation) && !isSafe(operation),
    async run(context) {
      const subject = await context.live();
      const json = { ...(subject.body as object | undefined), ...subject.params };
      // Where no refusal is documented, nothing says what a body with too much in it gets.
      const outside = refusalsOf(context.operation).length === 0;
      const exchange = await context.call({ json }, { http: HTTP, outside });
      const reason = 'its ids were in the body, the path named others';
      await context.expectOpen(subject, exchange, reason);
    },
  },
];

interface Shape {
  what: string;
  level: Level;
  body: string;
  headers: readonly (readonly [string, string])[];
}

/** One value in the ways that HTTP and JSON have of sending it. */
function shapesOf(content: MediaType, value: unknown): Shape[] {
  const { text: body, contentType: type } = writeBody(content, value);
  const header = (text: string) => [['Content-Type', text] as const];
  const length = Buffer.byteLength(body).toString(16);
  const shapes: Shape[] = [
    { what: '', level: 'contract', body, headers: header(type) },
    {
      what: ', sent in chunks',
      level: 'http',
      body: `${length}\r\n${Buffer.from(body).toString('latin1')}\r\n0\r\n\r\n`,
      headers: [...header(type), ['Transfer-Encoding', 'chunked'] as const],
    },
  ];
  if (!isJson(content.mediaType)) return shapes.slice(0, /[^ -~]/.test(body) ? 1 : 2);
  const spaced = body === '{}' ? '{ }' : JSON.stringify(value, null, 2);
  return [
    ...(/[^ -~]/.test(body) ? shapes.slice(0, 1) : shapes),
    { what: ', with spaces in it', level: 'contract', body: spaced, headers: header(type) },
    {
      what: ', with a line break behind it',
      level: 'contract',
      body: `${body}\n`,
      headers: header(type),
    },
    {
      what: ', with a charset',
      level: 'contract',
      body,
      headers: header(`${type}; charset=utf-8`),
    },
    {
      what: ', its media type in other letter case',
      level: 'http',
      body,
      headers: header(type.replace(/^application\/json/, 'Application/JSON')),
    },
  ];
}

/** A value, and the same without each of its optional-looking members. */
function lessOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [value];
  const names = Object.keys(value);
  return [
    value,
    ...names.map((gone) =>
      Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone)),
    ),
  ];
}
