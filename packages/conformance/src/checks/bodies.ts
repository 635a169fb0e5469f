import type { Check } from '../check.ts';
import { bodyPlace, documents, isSafe } from './places.ts';

const group = 'Bodies';

/** Statuses that HTTP itself has for a body: too large, of an unsupported type. */
const HTTP = { http: [413, 415] };

function mayHaveBody(operation: Parameters<NonNullable<Check['appliesTo']>>[0]): boolean {
  return operation.body !== undefined && !operation.body.required;
}

/** A check that bodies which are not the documented one do no harm. They go to ids that nobody has. */
function badBodies(
  check: Pick<Check, 'id' | 'sentence'>,
  bodies: () => { what: string; body: string | Uint8Array; type?: string | null }[],
  { orClosed = false } = {},
): Check {
  return {
    ...check,
    group,
    source: bodyPlace,
    appliesTo: (operation) => operation.body !== undefined && documents(400)(operation),
    async run(context) {
      const { operation } = context;
      await context.each(
        bodies(),
        async ({ what, body, type = operation.body?.mediaType ?? null }) => {
          const exchange = await context.call(
            { body, headers: type === null ? [] : [['Content-Type', type]] },
            HTTP,
          );
          // A server that has no use for a body need not read it, and then answers as it does to any unknown id.
          const refused = [400, context.usual, ...HTTP.http];
          const gone = exchange.failure === 'closed' || exchange.failure === 'reset';
          if (!(orClosed && gone)) context.expectStatus(exchange, refused, `the body was ${what}`);
          await context.expectAlive(exchange);
        },
      );
    },
  };
}

const MEGABYTE = 1024 * 1024;

export const bodyChecks: Check[] = [
  {
    id: 'body-documented',
    sentence: 'The body that the contract gives as its example is accepted, whole or in chunks.',
    group,
    source: bodyPlace,
    needs: ['live'],
    appliesTo: (operation) => (operation.body?.examples.length ?? 0) > 0,
    async run(context) {
      const { body } = context.operation;
      const type = ['Content-Type', body?.mediaType ?? ''] as const;
      const texts = (body?.examples ?? []).flatMap((example) => {
        const text = JSON.stringify(example);
        return [text, ...(text === '{}' ? ['{ }'] : [])];
      });
      const shapes = texts.flatMap((text) => [
        { body: text, headers: [type] },
        {
          body: `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
          headers: [type, ['Transfer-Encoding', 'chunked'] as const],
        },
      ]);
      await context.each(shapes, async (shape) => {
        const { params } = await context.live();
        const exchange = await context.call({ params, ...shape });
        context.expectStatus(
          exchange,
          context.successes,
          'this body is the contract’s own example',
        );
      });
    },
  },
  {
    id: 'body-absent',
    sentence:
      'No body at all is accepted, also where a content type or a length of 0 is announced.',
    group,
    source: bodyPlace,
    needs: ['live'],
    appliesTo: mayHaveBody,
    async run(context) {
      const type = ['Content-Type', context.operation.body?.mediaType ?? ''] as const;
      const none = ['Content-Length', '0'] as const;
      await context.each([[], [none], [type, none], [type]], async (headers) => {
        const { params } = await context.live();
        const exchange = await context.call({ params, headers });
        context.expectStatus(exchange, context.successes, 'the contract does not ask for a body');
      });
    },
  },
  badBodies(
    {
      id: 'body-broken-json',
      sentence: 'A body that is not JSON is refused in time, and the server lives on.',
    },
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
      id: 'body-wrong-shape',
      sentence: 'A body of another shape or type is refused or not read, and never an inner error.',
    },
    () => [
      { what: 'null', body: 'null' },
      { what: 'an array', body: '[]' },
      { what: 'a text', body: '"x"' },
      { what: 'an object with a member', body: '{"a":1}' },
      { what: 'an attack on the prototype', body: '{"__proto__":{"polluted":true}}' },
      { what: 'plain text', body: 'hello', type: 'text/plain' },
      { what: 'XML', body: '<a/>', type: 'application/xml' },
      { what: 'of no type', body: '{}', type: null },
      { what: 'of a nonsense type', body: '{}', type: ';;=' },
    ],
  ),
  badBodies(
    {
      id: 'body-large',
      sentence:
        'A megabyte of body, or one nested a hundred thousand times, is refused or not read.',
    },
    () => [
      { what: 'a megabyte of JSON', body: `{"a":"${'x'.repeat(MEGABYTE)}"}` },
      { what: 'nested 100,000 times', body: '['.repeat(100_000) },
      { what: 'a megabyte of spaces', body: `{${' '.repeat(MEGABYTE)}}` },
    ],
    { orClosed: true },
  ),
  {
    id: 'body-cannot-redirect',
    sentence: 'The path alone says what is meant: ids in a body change nothing.',
    group,
    source: bodyPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) =>
      operation.body !== undefined &&
      !operation.body.required &&
      !isSafe(operation) &&
      documents(400)(operation),
    async run(context) {
      const subject = await context.live();
      const exchange = await context.call(
        { body: JSON.stringify(subject.params), headers: [['Content-Type', 'application/json']] },
        HTTP,
      );
      await context.expectOpen(
        subject,
        exchange,
        'its ids were in the body, the path named others',
      );
      if (exchange.answers[0]?.status !== context.usual) {
        context.expectRefusal(exchange, 'the path names nothing');
      }
    },
  },
];
