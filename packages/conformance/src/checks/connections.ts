import type { Check } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { Gathering } from '../http/exchange.ts';
import { holdOpen } from '../http/hold-open.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { describeAnswer } from '../report/describe-answer.ts';
import { documents, operationPlace, rfc } from './places.ts';

const group = 'Connections';
const BURST = 100;

/** The head of a call on ids that nobody has, with lines added, and whatever follows it. */
function raw(context: CheckContext, lines: string[], tail: string): WireRequest {
  const request = context.request();
  const bytes = [
    `${request.method} ${request.target} HTTP/1.1`,
    `Host: ${context.traffic.baseUrl.host}`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ...lines,
    '',
    tail,
  ].join('\r\n');
  return { ...request, bytes: Buffer.from(bytes, 'latin1') };
}

/** A second request that a server must never take for one of its own accord. */
function hidden(context: CheckContext): string {
  const { bytes } = raw(context, ['Connection: close'], '');
  return bytes?.toString('latin1') ?? '';
}

/** A check that shapes which two servers could read differently are read as one request at most. */
function smuggling(
  check: Pick<Check, 'id' | 'sentence'> & { section: string },
  shapes: (context: CheckContext) => { what: string; lines: string[]; tail: string }[],
  { refuse = false } = {},
): Check {
  return {
    id: check.id,
    sentence: check.sentence,
    group,
    source: rfc(9112, check.section),
    async run(context) {
      await context.each(shapes(context), async ({ what, lines, tail }) => {
        const exchange = await context.send(raw(context, lines, tail), { answers: 2 });
        if (exchange.answers.length > 1) {
          context.fail(
            `expected one answer, got two: what followed a request with ${what} was taken for a second request`,
            exchange,
          );
        }
        const status = exchange.answers[0]?.status;
        // 501 is HTTP's answer to a transfer coding that a server does not know.
        if (status === 501) return;
        if (refuse && status !== undefined)
          context.expectStatus(exchange, [400], `the request had ${what}`);
        else context.expectRefusal(exchange, `the request had ${what}`, { orClosed: true });
      });
      if (!(await context.survived())) context.fail('the server does not answer any more');
    },
  };
}

export const connectionChecks: Check[] = [
  smuggling(
    {
      id: 'smuggling-two-lengths',
      sentence: 'A request with both a length and chunks hides no second request.',
      section: '6.1',
    },
    (context) => {
      const tail = `0\r\n\r\n${hidden(context)}`;
      return [
        {
          what: 'Content-Length and Transfer-Encoding',
          lines: [`Content-Length: ${tail.length}`, 'Transfer-Encoding: chunked'],
          tail,
        },
        {
          what: 'Transfer-Encoding and Content-Length',
          lines: ['Transfer-Encoding: chunked', 'Content-Length: 5'],
          tail,
        },
      ];
    },
  ),
  smuggling(
    {
      id: 'smuggling-bad-length',
      sentence: 'A Content-Length that is not one number is answered with 400.',
      section: '6.3',
    },
    (context) => {
      const tail = `{}${hidden(context)}`;
      return [
        ['Content-Length: 2', `Content-Length: ${tail.length}`],
        ['Content-Length: 2, 0'],
        ['Content-Length: +2'],
        ['Content-Length: 0x2'],
        ['Content-Length: -2'],
        ['Content-Length: 2 2'],
      ].map((lines) => ({ what: lines.join(' and '), lines, tail }));
    },
    { refuse: true },
  ),
  smuggling(
    {
      id: 'smuggling-transfer-coding',
      sentence: 'A disguised Transfer-Encoding hides no second request.',
      section: '6.1',
    },
    (context) => {
      const tail = `0\r\n\r\n${hidden(context)}`;
      const length = `Content-Length: ${tail.length}`;
      return [
        [length, 'Transfer-Encoding : chunked'],
        [length, 'Transfer-Encoding: xchunked'],
        [length, 'Transfer-Encoding:\x0bchunked'],
        [length, 'Transfer-Encoding: identity, chunked'],
        ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
        ['Transfer-Encoding: chunked, x'],
      ].map((lines) => ({ what: JSON.stringify(lines.at(-1)), lines, tail }));
    },
  ),
  smuggling(
    {
      id: 'smuggling-chunks',
      sentence: 'Chunks with a broken size hide no second request.',
      section: '7.1',
    },
    (context) =>
      [
        '0x2\r\n{}\r\n0\r\n\r\n',
        '-2\r\n{}\r\n0\r\n\r\n',
        '2 \r\n{}\r\n\r\n0\r\n\r\n',
        'FFFFFFFFFFFFFFFFF\r\n{}',
        '2\n{}\n0\n\n',
        'g\r\n\r\n0\r\n\r\n',
      ].map((body) => ({
        what: `the chunk ${JSON.stringify(body.slice(0, 20))}`,
        lines: ['Transfer-Encoding: chunked'],
        tail: body + hidden(context),
      })),
  ),
  {
    id: 'request-line',
    sentence: 'A request line or header that is not HTTP is refused, and the server lives on.',
    group,
    source: rfc(9112, '2.2'),
    async run(context) {
      const { baseUrl } = context.traffic;
      const { method, target } = context.request();
      const end = `\r\nHost: ${baseUrl.host}\r\nConnection: close\r\n\r\n`;
      const shapes = [
        `${method} ${target} HTTP/9.9${end}`,
        `${method} ${target} FTP/1.1${end}`,
        `${method} ${target} more HTTP/1.1${end}`,
        `${method}  HTTP/1.1${end}`,
        `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${end}`,
        `${method} ${target} HTTP/1.1\r\nX-Nul: a\0b${end}`,
        `${method} ${target} HTTP/1.1\r\nX Space: b${end}`,
        `${method} ${target} HTTP/1.1\r\n: no name${end}`,
        `${method} ${target}\xff\xfe HTTP/1.1${end}`,
      ];
      await context.each(shapes, async (text) => {
        const exchange = await context.send({
          method,
          target,
          headers: [],
          bytes: Buffer.from(text, 'latin1'),
        });
        // 501 and 505 are HTTP's answers to a method and to a version that a server does not know.
        if ([501, 505].includes(exchange.answers[0]?.status ?? 0)) return;
        context.expectRefusal(exchange, 'this is not HTTP/1.1', { orClosed: true });
      });
      if (!(await context.survived())) context.fail('the server does not answer any more');
    },
  },
  {
    id: 'connection-in-step',
    sentence:
      'After a refused request with a body, the next one on the same connection gets its own answer.',
    group,
    source: rfc(9112, '9.3'),
    appliesTo: documents(400),
    async run(context) {
      const name = context.pathParameters.at(-1)?.name;
      const wrong = context.request(name === undefined ? {} : { rawParams: { [name]: 'a_b' } });
      const second = hidden(context);
      // The body looks like a request: a server that does not read it to its end would answer it.
      const body = second.replaceAll('Connection: close\r\n', '');
      const first = [
        `${wrong.method} ${wrong.target} HTTP/1.1`,
        `Host: ${context.traffic.baseUrl.host}`,
        ...wrong.headers.map(([key, value]) => `${key}: ${value}`),
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
      const bytes = Buffer.from(first + second, 'latin1');
      const exchange = await context.send({ ...wrong, bytes }, { answers: 3 });
      if (exchange.answers.length > 2) {
        context.fail(
          'expected two answers at most, got three: the body was taken for a request',
          exchange,
        );
      }
      const [one, two] = exchange.answers;
      if (one?.status !== 400 || (two && two.status !== context.usual)) {
        context.fail(
          `expected 400 and then ${context.usual} (or the end of the connection), got ${describeAnswer(exchange)} and ${two?.status ?? 'nothing'}`,
          exchange,
        );
      }
    },
  },
  {
    id: 'slow-callers',
    sentence: 'Callers that stop in the middle of a request do not keep others waiting.',
    group,
    source: operationPlace,
    async run(context) {
      const request = context.request();
      const begun = Buffer.from(
        `${request.method} ${request.target} HTTP/1.1\r\nHost: ${context.traffic.baseUrl.host}\r\nX-Slow: `,
        'latin1',
      );
      const held = await holdOpen(context.traffic.baseUrl, begun, 40);
      try {
        const exchange = await context.call();
        if (exchange.answers.length === 0) {
          context.fail(
            `expected an answer while 40 slow callers are connected, got ${describeAnswer(exchange)}`,
            exchange,
          );
        }
      } finally {
        held.release();
      }
      if (!(await context.survived()))
        context.fail('the server does not answer any more after callers broke off');
    },
  },
  {
    id: 'burst',
    sentence: 'A hundred callers at the same moment all get the documented answer.',
    group,
    source: operationPlace,
    async run(context) {
      const together = new Gathering(BURST);
      const exchanges = await Promise.all(
        Array.from({ length: BURST }, () => context.call({}, { together })),
      );
      await context.each(exchanges, async (exchange) => {
        context.expectStatus(
          exchange,
          [context.usual],
          `it was one of ${BURST} at the same moment`,
        );
      });
    },
  },
];
