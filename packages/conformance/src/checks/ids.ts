import fc from 'fast-check';
import type { Check } from '../check.ts';
import type { OperationModel, ParameterModel } from '../contract/contract-model.ts';
import { allowedCharacters, ofLength, validValue } from '../contract/values.ts';
import { header } from '../http/parse-answers.ts';
import { answerPlace, documents, idPlace, isSafe } from './places.ts';

interface Tried {
  parameter: ParameterModel;
  /** The path segment as it goes over the wire. */
  segment: string;
}

const group = 'Ids';

/** A check that a kind of id that breaks its limits is answered with 400. */
function refusedId(
  check: Pick<Check, 'id' | 'sentence'>,
  segments: (parameter: ParameterModel) => fc.Arbitrary<string>,
  examples: readonly string[],
): Check {
  return {
    ...check,
    group,
    source: idPlace,
    appliesTo: (operation) => documents(400)(operation) && stringIds(operation).length > 0,
    async run(context) {
      const parameters = stringIds(context.operation);
      const breaks = ({ parameter, segment }: Tried) => !acceptsSegment(parameter, segment);
      const tried = fc
        .oneof(
          ...parameters.map((parameter) =>
            fc.record({ parameter: fc.constant(parameter), segment: segments(parameter) }),
          ),
        )
        .filter(breaks);
      const first = examples
        .flatMap((segment) => parameters.map((parameter) => ({ parameter, segment })))
        .filter(breaks);
      await context.property(
        tried,
        async ({ parameter, segment }) => {
          const exchange = await context.call({ rawParams: { [parameter.name]: segment } });
          const shown =
            segment.length > 60
              ? `${segment.slice(0, 20)}… (${segment.length} characters)`
              : segment;
          context.expectStatus(
            exchange,
            [400],
            `${parameter.name} is ${shown}, and the contract allows ${parameter.rule}`,
          );
          const injected = exchange.answers[0] && header(exchange.answers[0], 'x-injected');
          if (injected !== undefined) {
            context.fail(`the id ${shown} became a header of the answer`, exchange);
          }
        },
        first,
      );
      if (!(await context.survived()) && context.failures.length === 0) {
        context.fail('the server does not answer any more after these ids');
      }
    },
  };
}

function stringIds(operation: OperationModel): ParameterModel[] {
  return operation.parameters.filter(
    (parameter) => parameter.in === 'path' && (parameter.schema.type ?? 'string') === 'string',
  );
}

/** Whether the decoded segment is a value that the contract allows; a segment that cannot be decoded is none. */
function acceptsSegment(parameter: ParameterModel, segment: string): boolean {
  try {
    return parameter.accepts(decodeURIComponent(segment));
  } catch {
    return false;
  }
}

/** Puts a piece before, into or behind a short valid id. */
function around(parameter: ParameterModel, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const text = ofLength(allowedCharacters(parameter), 0, 8);
  return fc.tuple(text, pieces, text).map(([before, piece, after]) => before + piece + after);
}

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
      sentence: 'An id that is longer than allowed is answered with 400, at any length.',
    },
    (parameter) =>
      fc
        .tuple(
          fc.integer({ min: (parameter.schema.maxLength ?? 4095) + 1, max: 4096 }),
          fc.constantFrom('a', ...allowedCharacters(parameter)),
        )
        .map(([length, character]) => character.repeat(length)),
    ['a'.repeat(37), '-'.repeat(100), '0'.repeat(4096)],
  ),
  refusedId(
    {
      id: 'id-characters',
      sentence: 'An id with a character that is not allowed is answered with 400, escaped or not.',
    },
    (parameter) => around(parameter, fc.constantFrom(...PUNCTUATION)),
    ['a_b', '%20', 'a.b', "'%20OR%20'1'='1", 'a;b=c', '~', '*', '%3Cscript%3E'],
  ),
  refusedId(
    {
      id: 'id-encoded-slash',
      sentence: 'An escaped slash or backslash stays inside its id, which is answered with 400.',
    },
    (parameter) => around(parameter, fc.constantFrom(...SLASHES)),
    ['a%2Fb', '..%2F..%2Fetc%2Fpasswd', 'a%5Cb'],
  ),
  refusedId(
    {
      id: 'id-encoded-dots',
      sentence: 'Escaped dots do not climb the path: such an id is answered with 400.',
    },
    (parameter) => fc.oneof(fc.constantFrom(...DOTS), around(parameter, fc.constantFrom(...DOTS))),
    ['%2e%2e', '%2e', '.%2e'],
  ),
  refusedId(
    {
      id: 'id-unicode',
      sentence: 'Letters and digits of other scripts are not allowed in an id: 400.',
    },
    (parameter) =>
      around(
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
        'NUL, CR, LF and other control characters in an id are answered with 400 and never become headers.',
    },
    (parameter) => around(parameter, fc.constantFrom(...CONTROLS, '%C2%85', '%E2%80%A8')),
    ['%00', 'abc%0A', '%0Aabc', 'abc%00', 'a%0D%0AX-Injected:%20yes', 'a%0D%0A%0D%0Ab', '%7F'],
  ),
  refusedId(
    {
      id: 'id-malformed-escape',
      sentence: 'An escape that cannot be decoded is answered with 400, and the server lives on.',
    },
    (parameter) => around(parameter, fc.constantFrom(...MALFORMED)),
    ['%ZZ', '%', '%ff', '%C0%AF', '%ED%A0%80'],
  ),
  refusedId(
    {
      id: 'id-encoded-twice',
      sentence: 'An id is decoded once: what is still escaped then is answered with 400.',
    },
    (parameter) => around(parameter, fc.constantFrom(...ENCODED_TWICE)),
    ['%2541', '%252e%252e', 'a%2500'],
  ),
  {
    id: 'id-limits-accepted',
    sentence:
      'Every id within the limits is understood: 1 character, the longest, hyphens or digits alone.',
    group,
    source: idPlace,
    appliesTo: (operation) => stringIds(operation).length > 0,
    async run(context) {
      const { operation } = context;
      const parameters = stringIds(operation);
      // Short ids can be real ones. Beside them stands an id that nobody has, or they are not sent.
      const alone = operation.parameters.filter((one) => one.in === 'path').length === 1;
      const longEnough = (value: string) => isSafe(operation) || !alone || value.length >= 20;
      const tried = fc.oneof(
        ...parameters.map((parameter) =>
          fc.record({
            parameter: fc.constant(parameter),
            value: validValue(parameter).filter(longEnough),
          }),
        ),
      );
      const edges = parameters.flatMap((parameter) => {
        const { minLength = 1, maxLength = 36 } = parameter.schema;
        return ['a', 'Z', '0', '-']
          .flatMap((character) => [
            character.repeat(Math.max(1, minLength)),
            character.repeat(maxLength),
          ])
          .filter((value) => parameter.accepts(value) && longEnough(value))
          .map((value) => ({ parameter, value }));
      });
      await context.property(
        tried,
        async ({ parameter, value }) => {
          const exchange = await context.call({ params: { [parameter.name]: value } });
          const understood = [...operation.responses.keys()].filter(
            (status) => status !== 400 && status < 500 && status !== 408,
          );
          context.expectStatus(
            exchange,
            understood,
            `${parameter.name} is ${value}, which the contract allows (${parameter.rule})`,
          );
        },
        edges,
      );
    },
  },
  {
    id: 'unknown-id',
    sentence: 'An id that names nothing is answered with 404.',
    group,
    source: answerPlace(404),
    appliesTo: (operation) => documents(404)(operation) && stringIds(operation).length > 0,
    async run(context) {
      const times = [1, 2, 3];
      await context.each(times, async () => {
        context.expectStatus(await context.call(), [404], 'no such id exists');
      });
    },
  },
  {
    id: 'id-encoded-form',
    sentence: 'An id whose characters are escaped without need is the same id.',
    group,
    source: rfc3986,
    needs: ['live'],
    appliesTo: (operation) => stringIds(operation).length > 0,
    async run(context) {
      const subject = await context.live();
      const rawParams = Object.fromEntries(
        stringIds(context.operation).map(({ name }) => [
          name,
          Array.from(subject.params[name] ?? '', (character) => hex(character.charCodeAt(0))).join(
            '',
          ),
        ]),
      );
      const exchange = await context.call({ params: subject.params, rawParams });
      context.expectStatus(
        exchange,
        context.successes,
        'these are escapes of plain letters and digits',
      );
    },
  },
  {
    id: 'id-not-trimmed',
    sentence: 'An id with something attached is not the id: 400, and the real one is left alone.',
    group,
    source: idPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) =>
      documents(400)(operation) && stringIds(operation).length > 0 && !isSafe(operation),
    async run(context) {
      const subject = await context.live();
      const name = stringIds(context.operation).at(-1)?.name ?? '';
      const id = subject.params[name] ?? '';
      const attached = [
        `${id}%20`,
        `%20${id}`,
        `${id}%0A`,
        `${id}%09`,
        `${id}%00`,
        `${id}%00x`,
        `${id}%0D%0A`,
        `${id};a=b`,
        `${id}.json`,
        `${id},x`,
        `${id}%C2%A0`,
      ];
      await context.each(attached, async (segment) => {
        const exchange = await context.call({
          params: subject.params,
          rawParams: { [name]: segment },
        });
        await context.expectOpen(subject, exchange, `${name} was sent as ${segment}`);
        context.expectStatus(exchange, [400], `${name} was sent as ${segment}`);
      });
    },
  },
];

function rfc3986(): string {
  return 'https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2';
}
