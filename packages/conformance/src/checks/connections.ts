import { describeResponse } from '../http/describe-response.ts';
import { hostOfRequests } from '../http/endpoint.ts';
import { Gathering } from '../http/exchange.ts';
import { holdOpen } from '../http/hold-open.ts';
import { besidesHost, type WireRequest } from '../http/wire-request.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { operationPlace, pathParameters, refusalsOf, rfc } from '../run/operations.ts';

const group = 'Connections';
const BURST = 100;
const SLOW = 40;

/** The head of a call on ids that nobody has, with lines added, and whatever follows it. */
function raw(context: CheckContext, lines: string[], tail: string): WireRequest {
  const request = context.request({ body: null });
  const bytes = [
    `${request.method} ${request.target} HTTP/1.1`,
    `Host: ${hostOfRequests(context.traffic.options.endpoint)}`,
    ...besidesHost(request).map(([name, value]) => `${name}: ${value}`),
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
  check: Pick<Check, 'id' | 'sentence' | 'level' | 'hint'> & { section: string },
  shapes: (context: CheckContext) => { what: string; lines: string[]; tail: string }[],
  { refuse = false } = {},
): Check {
  return {
    ...check,
    group,
    source: rfc(9112, check.section),
    async run(context) {
      await context.each(shapes(context), async ({ what, lines, tail }) => {
        const exchange = await context.send(raw(context, lines, tail), { responses: 2 });
        if (exchange.responses.length > 1) {
          context.fail(
            `expected one response, got two: what followed a request with ${what} was taken for a second request`,
            exchange,
          );
        }
        const status = exchange.responses[0]?.status;
        // 501 is HTTP's response to a transfer coding that a server does not know.
        if (status === 501 || status === undefined) return;
        if (refuse) context.expectStatus(exchange, [400], `the request had ${what}`);
      });
      if (!(await context.survived())) context.fail('the server does not respond any more');
    },
  };
}

export const connectionChecks: Check[] = [
  smuggling(
    {
      id: 'smuggling-two-lengths',
      sentence: 'A request with both a length and chunks hides no second request.',
      level: 'http',
      hint: 'Refuse it, or close the connection after one response; never run the HTTP server with a lenient parser (Node: insecureHTTPParser).',
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
      sentence: 'A Content-Length that is not one number gets 400.',
      level: 'http',
      hint: 'Compare all Content-Length values, and accept digits only.',
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
      level: 'http',
      hint: 'Refuse every Transfer-Encoding but chunked, and close the connection.',
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
      level: 'http',
      hint: 'Accept hexadecimal digits and CRLF only, and close the connection otherwise.',
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
    level: 'hardening',
    hint: 'Leave the HTTP server’s parser strict, and respond to what it refuses with 400.',
    source: rfc(9112, '2.2'),
    async run(context) {
      const { endpoint } = context.traffic.options;
      const { method, target } = context.request();
      const end = `\r\nHost: ${hostOfRequests(endpoint)}\r\nConnection: close\r\n\r\n`;
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
        // 501 and 505 are HTTP's responses to a method and to a version that a server does not know.
        if ([501, 505].includes(exchange.responses[0]?.status ?? 0)) return;
        context.expectRefusal(exchange, 'this is not HTTP/1.1', { orClosed: true });
      });
      if (!(await context.survived())) context.fail('the server does not respond any more');
    },
  },
  {
    id: 'connection-in-step',
    sentence:
      'After a refused request with a body, the next one on the same connection gets its own response.',
    group,
    level: 'http',
    hint: 'Read a refused body to its end, or close the connection after the response.',
    source: rfc(9112, '9.3'),
    appliesTo: (operation) => refusalsOf(operation).length > 0,
    async run(context) {
      const name = pathParameters(context.operation).at(-1)?.name;
      const wrong = context.request({
        body: null,
        ...(name !== undefined && { rawParams: { [name]: 'a_b' } }),
      });
      const second = hidden(context);
      // The body looks like a request: a server that does not read it to its end would response it.
      const body = second.replaceAll('Connection: close\r\n', '');
      const first = [
        `${wrong.method} ${wrong.target} HTTP/1.1`,
        `Host: ${hostOfRequests(context.traffic.options.endpoint)}`,
        ...besidesHost(wrong).map(([key, value]) => `${key}: ${value}`),
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
      const bytes = Buffer.from(first + second, 'latin1');
      const exchange = await context.send({ ...wrong, bytes }, { responses: 3 });
      if (exchange.responses.length > 2) {
        context.fail(
          'expected two responses at most, got three: the body was taken for a request',
          exchange,
        );
      }
      const [one, two] = exchange.responses;
      const fine = [context.usual, ...refusalsOf(context.operation)];
      if (!one || (two && !fine.includes(two.status))) {
        context.fail(
          `expected a response and then ${context.usual} (or the end of the connection), got ${describeResponse(exchange)} and ${two?.status ?? 'nothing'}`,
          exchange,
        );
      }
    },
  },
  {
    id: 'slow-callers',
    sentence: 'Callers that stop in the middle of a request do not keep others waiting.',
    group,
    level: 'hardening',
    hint: 'Serve connections side by side, and give the head of a request a time limit.',
    source: operationPlace,
    async run(context) {
      const request = context.request();
      const begun = Buffer.from(
        `${request.method} ${request.target} HTTP/1.1\r\nHost: ${hostOfRequests(context.traffic.options.endpoint)}\r\nX-Slow: `,
        'latin1',
      );
      const held = await holdOpen(context.traffic.options.endpoint, begun, SLOW);
      try {
        const exchange = { ...(await context.call()), held: { count: SLOW, bytes: begun } };
        if (exchange.responses.length === 0) {
          context.fail(
            `expected a response while ${SLOW} slow callers are connected, got ${describeResponse(exchange)}`,
            exchange,
          );
        }
      } finally {
        held.release();
      }
      if (!(await context.survived()))
        context.fail('the server does not respond any more after callers broke off');
    },
  },
  {
    id: 'burst',
    sentence:
      'A hundred callers at the same moment all get a response of the usual kind, or are told to wait.',
    group,
    level: 'hardening',
    hint: 'Let callers wait in a queue instead of failing, or tell them to with 429 or 503 and Retry-After.',
    source: operationPlace,
    async run(context) {
      const together = new Gathering(BURST);
      const exchanges = await Promise.all(
        Array.from({ length: BURST }, () => context.call({}, { together, http: [503] })),
      );
      await context.each(exchanges, async (exchange) => {
        const reason = `it was one of ${BURST} at the same moment`;
        context.expectStatus(exchange, [context.usual, 429], reason);
      });
    },
  },
];
