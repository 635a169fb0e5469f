import { describeLimits, type Parameter, writeParameter } from '@sql-sessions/contract/model';
import fc from 'fast-check';
import { header } from '../http/parse-responses.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { NotExercised } from '../run/failure.ts';
import {
  documents,
  idPlace,
  isSafe,
  pathParameters,
  refusalsOf,
  responsePlace,
} from '../run/operations.ts';
import { allowedCharacters, isText, ofLength, only, validText } from '../values/ids.ts';
import { acceptsText } from '../values/read-text.ts';
import { decoded, routed } from '../values/routed.ts';
import { onto } from './ground.ts';

interface Tried {
  parameter: Parameter;
  /** The path segment as it goes over the wire. */
  segment: string;
}

interface Refusal extends Pick<Check, 'id' | 'sentence' | 'hint'> {
  level?: Check['level'];
}

const group = 'Ids';
const NO_TEXT = 'no id of this operation is a plain text';

/** A check that a kind of id that breaks its limits is refused. */
function refusedId(
  { level = 'contract', ...rule }: Refusal,
  segments: (context: CheckContext, parameter: Parameter) => fc.Arbitrary<string>,
  examples: readonly string[],
): Check {
  return {
    ...rule,
    level,
    group,
    source: idPlace,
    appliesTo: (operation) =>
      refusalsOf(operation).length > 0 && pathParameters(operation).length > 0,
    async run(context) {
      const { operation, schemas } = context;
      const parameters = textIds(context);
      if (parameters.length === 0) throw new NotExercised(NO_TEXT);
      const [first] = pathParameters(operation);
      const subject = await context.liveIfAny();
      const breaks = ({ parameter, segment }: Tried) => {
        const text = decoded(segment);
        return text === undefined || !acceptsText(schemas, parameter, text);
      };
      const candidates = fc.oneof(
        ...parameters.map((parameter) =>
          fc.record({ parameter: fc.constant(parameter), segment: segments(context, parameter) }),
        ),
      );
      const breaking = only(candidates, breaks);
      const edges = examples
        .flatMap((segment) => parameters.map((parameter) => ({ parameter, segment })))
        .filter(breaks);
      if (!breaking && edges.length === 0) throw new NotExercised('any such id is allowed');
      const attempt = async ({ parameter, segment }: Tried) => {
        const { statuses, outside } = routed(segment);
        const exchange = await context.call(
          { ...onto(subject), rawParams: { [parameter.name]: segment } },
          { outside, http: segment.length > 1000 ? [414, 431] : [] },
        );
        await context.expectUntouched(
          subject,
          exchange,
          `${parameter.name} was ${shorten(segment)}`,
        );
        // On an unknown parent a server may look for it first; on a live one there is nothing to look for.
        const looked = subject === undefined && parameter !== first ? [context.usual] : [];
        const long = segment.length > 1000 ? [414, 431] : [];
        context.expectStatus(
          exchange,
          [...refusalsOf(operation), ...statuses, ...looked, ...long],
          `${parameter.name} is ${shorten(segment)}, and the contract allows ${describeLimits(schemas.flatten(parameter.schema))}`,
        );
        const injected = exchange.responses[0] && header(exchange.responses[0], 'x-injected');
        if (injected !== undefined) {
          context.fail(`the id ${shorten(segment)} became a header of the response`, exchange);
        }
      };
      if (breaking) await context.property(breaking, attempt, edges);
      else await context.each(edges, attempt);
      if (!(await context.survived()) && context.failures.length === 0) {
        context.fail('the server does not respond any more after these ids');
      }
    },
  };
}

function shorten(segment: string): string {
  return segment.length > 60 ? `${segment.slice(0, 20)}… (${segment.length} characters)` : segment;
}

/** Path parameters that are plain texts; numbers, enums and lists are tried value by value. */
function textIds({ operation, schemas }: Pick<CheckContext, 'operation' | 'schemas'>): Parameter[] {
  return pathParameters(operation).filter((parameter) => isText(schemas, parameter));
}

/** Puts a piece before, into or behind a short valid id; never so that a dot segment comes out. */
function around(
  { schemas }: CheckContext,
  parameter: Parameter,
  pieces: fc.Arbitrary<string>,
): fc.Arbitrary<string> {
  const text = ofLength(allowedCharacters(schemas, parameter).concat('a'), 0, 8).map(
    encodeURIComponent,
  );
  return fc
    .tuple(text, pieces, text)
    .map(([before, piece, after]) => before + piece + after)
    .filter((segment) => !/^\.{1,2}$/.test(decoded(segment) ?? ''));
}

/** Whether a character stands for itself in a path. */
const isPlain = (character: string) => encodeURIComponent(character) === character;
const hex = (code: number) => `%${code.toString(16).toUpperCase().padStart(2, '0')}`;

const CONTROLS = [...Array.from({ length: 32 }, (_, code) => code), 127].map(hex);
const RAW_IN_SEGMENTS = "_~!$&'()*+,;=:@.";
const PUNCTUATION = [
  ...Array.from(' !"#$&\'()*+,:;<=>?@[]^_`{|}~.', (character) => hex(character.charCodeAt(0))),
  ...RAW_IN_SEGMENTS,
];
const SLASHES = ['%2F', '%2f', '%5C', '%5c', '%2F%2F', '..%2F', '%2F..'];
const DOTS = ['%2e', '%2E', '%2e%2e', '%2E%2E', '.%2e', '%2e.', '...', '%2e%2e%2f'];
const MALFORMED = [
  '%',
  '%Z',
  '%ZZ',
  '%f',
  '%ff',
  '%C0%AF',
  '%ED%A0%80',
  '%E2%82',
  '%F8%88%80%80%80',
  '%u0041',
  '%%',
  '%-1',
  '%0',
];
const ENCODED_TWICE = ['%2541', '%252e%252e', '%252F', '%2500', '%2525', '%250A'];
const OTHER_SCRIPTS = [
  'é',
  '１２３',
  'а',
  'ſ',
  'K',
  '٣',
  '\u0301',
  '\u200b',
  '\u202e',
  '😀',
  'İ',
].map(encodeURIComponent);

export const idChecks: Check[] = [
  refusedId(
    {
      id: 'id-too-long',
      sentence: 'An id that is longer than allowed is refused, at any length.',
      hint: 'Validate the whole decoded id with the contract’s own schema; a router may have a limit of its own (Fastify: maxParamLength).',
    },
    ({ schemas }, parameter) =>
      fc
        .tuple(
          fc.integer({
            min: Math.min(schemas.flatten(parameter.schema).maxLength ?? 4095, 4095) + 1,
            max: 4096,
          }),
          fc.constantFrom('a', ...allowedCharacters(schemas, parameter).filter(isPlain)),
        )
        .map(([length, character]) => character.repeat(length)),
    ['a'.repeat(37), '-'.repeat(100), '0'.repeat(4096)],
  ),
  refusedId(
    {
      id: 'id-characters',
      sentence: 'An id with a character that is not allowed is refused, escaped or not.',
      hint: 'Anchor the pattern at both ends and match the decoded id.',
    },
    (context, parameter) => around(context, parameter, fc.constantFrom(...PUNCTUATION)),
    ['a_b', '%20', 'a.b', "'%20OR%20'1'='1", 'a;b=c', '~', '*', '%3Cscript%3E'],
  ),
  refusedId(
    {
      id: 'id-encoded-slash',
      sentence: 'An escaped slash or backslash does not lead to another path.',
      hint: 'Split the raw path before decoding, or let the router refuse %2F.',
      level: 'hardening',
    },
    (context, parameter) => around(context, parameter, fc.constantFrom(...SLASHES)),
    ['a%2Fb', '..%2F..%2Fetc%2Fpasswd', 'a%5Cb'],
  ),
  refusedId(
    {
      id: 'id-encoded-dots',
      sentence: 'Escaped dots do not climb the path to something that succeeds.',
      hint: 'Route by the raw path; URL parsers resolve %2e%2e before the router sees it.',
      level: 'hardening',
    },
    (context, parameter) =>
      fc.oneof(fc.constantFrom(...DOTS), around(context, parameter, fc.constantFrom(...DOTS))),
    ['%2e%2e', '%2e', '.%2e'],
  ),
  refusedId(
    {
      id: 'id-unicode',
      sentence: 'Letters and digits of other scripts are refused in an id that allows none.',
      hint: 'Letters are more than A to Z in many libraries (\\w, \\d, isLetter): write the characters out.',
    },
    (context, parameter) =>
      around(
        context,
        parameter,
        fc.oneof(
          fc.constantFrom(...OTHER_SCRIPTS),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).map(encodeURIComponent),
        ),
      ),
    OTHER_SCRIPTS,
  ),
  refusedId(
    {
      id: 'id-control-characters',
      sentence:
        'NUL, CR, LF and other control characters in an id are refused and never become headers.',
      hint: 'In many languages $ matches before a last line break: use \\z, or compare the length as well.',
    },
    (context, parameter) =>
      around(context, parameter, fc.constantFrom(...CONTROLS, '%C2%85', '%E2%80%A8')),
    ['%00', 'abc%0A', '%0Aabc', 'abc%00', 'a%0D%0AX-Injected:%20yes', 'a%0D%0A%0D%0Ab', '%7F'],
  ),
  refusedId(
    {
      id: 'id-malformed-escape',
      sentence: 'An escape that cannot be decoded gets a 4xx, and the server lives on.',
      hint: 'Decoding can throw: catch it (Express: an error handler with four parameters; Fastify: frameworkErrors).',
    },
    (context, parameter) => around(context, parameter, fc.constantFrom(...MALFORMED)),
    ['%ZZ', '%', '%ff', '%C0%AF', '%ED%A0%80'],
  ),
  refusedId(
    {
      id: 'id-encoded-twice',
      sentence: 'An id is decoded once: what is still escaped then is refused.',
      hint: 'The framework has decoded the id already; do not decode it again.',
    },
    (context, parameter) => around(context, parameter, fc.constantFrom(...ENCODED_TWICE)),
    ['%2541', '%252e%252e', 'a%2500'],
  ),
  {
    id: 'id-limits-accepted',
    sentence:
      'Every id within the limits is understood, from the shortest to the longest, and in time.',
    group,
    level: 'contract',
    hint: 'Use the contract’s own pattern and lengths; a pattern with nested repetitions can take minutes on 30 characters.',
    source: idPlace,
    appliesTo: (operation) => pathParameters(operation).length > 0,
    async run(context) {
      const { operation, schemas } = context;
      const parameters = textIds(context);
      if (parameters.length === 0) throw new NotExercised(NO_TEXT);
      // Short ids can be real ones. Beside them stands an id that nobody has, or they are not sent.
      const alone = pathParameters(operation).length === 1;
      const longEnough = (value: string) => isSafe(operation) || !alone || value.length >= 20;
      const tried = parameters.flatMap((parameter) => {
        const value = validText(schemas, parameter, longEnough);
        return value ? [fc.record({ parameter: fc.constant(parameter), value })] : [];
      });
      if (tried.length === 0) throw new NotExercised('any such id could be somebody’s');
      const edges = parameters.flatMap((parameter) => {
        const { minLength = 1, maxLength = 36 } = schemas.flatten(parameter.schema);
        const most = Math.min(maxLength, 256);
        const texts = ['a', 'Z', '0', '-'].flatMap((character) => [
          character.repeat(Math.max(1, minLength)),
          character.repeat(most),
        ]);
        const slow = [
          'a'.repeat(most - 1).concat('-'),
          '0'.repeat(30).concat('-'),
          'a-'.repeat(most >> 1),
        ];
        return [...texts, ...slow]
          .filter((value) => schemas.accepts(parameter.schema, value) && longEnough(value))
          .map((value) => ({ parameter, value }));
      });
      const attempt = async ({ parameter, value }: { parameter: Parameter; value: string }) => {
        const { statuses, outside } = routed(writeParameter(parameter, value));
        const exchange = await context.call({ params: { [parameter.name]: value } }, { outside });
        context.expectStatus(
          exchange,
          [...context.understood, ...(outside ? [400, ...statuses] : [])],
          `${parameter.name} is ${value}, which the contract allows (${describeLimits(schemas.flatten(parameter.schema))})`,
        );
      };
      await context.property(fc.oneof(...tried), attempt, edges);
    },
  },
  {
    id: 'unknown-id',
    sentence: 'An id that names nothing gets 404.',
    group,
    level: 'contract',
    hint: 'Look at how much was found or removed, and respond with 404 where it was nothing.',
    source: responsePlace(404),
    appliesTo: (operation) => documents(404)(operation) && pathParameters(operation).length > 0,
    async run(context) {
      const parameters = textIds(context);
      const name = parameters.at(-1)?.name;
      if (name === undefined) throw new NotExercised(NO_TEXT);
      const subject = await context.liveIfAny();
      const { [name]: _, ...params } = subject?.params ?? {};
      // An unknown parent may be another tenant's.
      const unsure =
        subject === undefined && parameters.length > 1 && documents(403)(context.operation);
      await context.each([1, 2, 3], async () => {
        const exchange = await context.call({ ...onto(subject), params });
        context.expectStatus(exchange, unsure ? [404, 403] : [404], 'no such id exists');
      });
    },
  },
  {
    id: 'id-encoded-form',
    sentence: 'An id whose characters are escaped without need is the same id.',
    group,
    level: 'http',
    hint: 'Decode each path segment once before it is used.',
    source: () => 'https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2',
    needs: ['live'],
    appliesTo: (operation) => pathParameters(operation).length > 0,
    async run(context) {
      const subject = await context.live();
      const rawParams = Object.fromEntries(
        textIds(context).map(({ name }) => [
          name,
          Array.from(`${subject.params[name] ?? ''}`, (one) => hex(one.charCodeAt(0))).join(''),
        ]),
      );
      const exchange = await context.call({ ...onto(subject), rawParams });
      const reason = 'these are escapes of plain letters and digits';
      context.expectStatus(exchange, context.successes, reason);
    },
  },
  {
    id: 'id-not-trimmed',
    sentence: 'An id with something attached is not the id, and the real one is left alone.',
    group,
    level: 'contract',
    hint: 'Do not trim, cut or clean ids: refuse what is not one.',
    source: idPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) =>
      refusalsOf(operation).length > 0 &&
      pathParameters(operation).length > 0 &&
      !isSafe(operation),
    async run(context) {
      const name = textIds(context).at(-1)?.name;
      if (name === undefined) throw new NotExercised(NO_TEXT);
      const pieces = [
        '%20',
        '%0A',
        '%09',
        '%00',
        '%00x',
        '%0D%0A',
        '.json',
        ',x',
        '%C2%A0',
        '%23x',
        '%3Fx',
      ];
      await context.each(
        ['before', ...pieces],
        async (piece) => {
          const subject = await context.live();
          const id = `${subject.params[name]}`;
          const segment = piece === 'before' ? `%20${id}` : `${id}${piece}`;
          const exchange = await context.call(
            { ...onto(subject), rawParams: { [name]: segment } },
            { outside: true },
          );
          await context.expectOpen(subject, exchange, `${name} was sent as ${segment}`);
          const statuses = [...refusalsOf(context.operation), 404, 414];
          context.expectStatus(exchange, statuses, `${name} was sent as ${segment}`);
        },
        { together: true },
      );
    },
  },
  {
    id: 'id-exact',
    sentence:
      'Only the id itself names its subject: not its beginning, another letter case or a wildcard.',
    group,
    level: 'contract',
    hint: 'Compare ids for equality, with a collation that knows letter case; never with LIKE or a prefix.',
    source: idPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) => pathParameters(operation).length > 0 && !isSafe(operation),
    async run(context) {
      const parameters = textIds(context);
      if (parameters.length === 0) throw new NotExercised(NO_TEXT);
      const wild = ['*', '%25', '_', '.*', '%', '0', '-'];
      await context.each(
        parameters.flatMap(({ name, schema }) =>
          // A UUID may be written in any letter case (RFC 9562, 4), and is read without its hyphens by many.
          [
            ...(context.schemas.flatten(schema).format === 'uuid' ? [] : SAME_LETTERS),
            ...LIKENESSES,
            ...wild,
          ].map((likeness) => ({ name, likeness })),
        ),
        async ({ name, likeness }) => {
          const subject = await context.live();
          const id = `${subject.params[name]}`;
          const segment = typeof likeness === 'string' ? likeness : likeness(id);
          if (segment === id || segment === '') return;
          const exchange = await context.call(
            { ...onto(subject), rawParams: { [name]: segment } },
            { outside: true },
          );
          await context.expectOpen(
            subject,
            exchange,
            `${name} was sent as ${segment}, and it is ${id}`,
          );
          await context.expectAllOpen(exchange, `${name} was sent as ${segment}, and it is ${id}`);
          const status = exchange.responses[0]?.status ?? 0;
          if (status < 300)
            context.fail(`expected a 4xx, got ${status}: ${segment} is not an id`, exchange);
        },
        { together: true },
      );
    },
  },
];

const SAME_LETTERS: readonly ((id: string) => string)[] = [
  (id) => id.toUpperCase(),
  (id) => id.toLowerCase(),
  (id) => id.replaceAll('-', ''),
];

const LIKENESSES: readonly ((id: string) => string)[] = [
  (id) => id.slice(0, -1),
  (id) => id.slice(1),
  (id) => id.slice(0, 1 + (id.length >> 1)),
  (id) => `${id}0`,
  (id) => `0${id}`,
  (id) => `${id.slice(0, -1)}%25`,
];
