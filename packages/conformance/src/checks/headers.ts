import { hostOfRequests } from '../http/endpoint.ts';
import { besidesHost } from '../http/wire-request.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { operationPlace, rfc } from '../run/operations.ts';
import type { CallOptions } from '../run/request-of.ts';
import { onto } from './ground.ts';

const group = 'Headers';

/** The bytes of a harmless call whose head is written line by line. */
export function headOf(
  context: CheckContext,
  {
    version = 'HTTP/1.1',
    hosts = [hostOfRequests(context.traffic.options.endpoint)],
    absolute = false,
    options = {} as CallOptions,
  } = {},
) {
  const request = context.request(options);
  const target = absolute
    ? `${context.traffic.options.endpoint.url.origin}${request.target}`
    : request.target;
  const body = Buffer.from((request.body ?? '') as string);
  const length = body.length === 0 ? [] : [`Content-Length: ${body.length}`];
  const head = [
    `${request.method} ${target} ${version}`,
    ...hosts.map((host) => `Host: ${host}`),
    ...besidesHost(request).map(([name, value]) => `${name}: ${value}`),
    ...length,
    'Connection: close\r\n\r\n',
  ].join('\r\n');
  return { ...request, bytes: Buffer.concat([Buffer.from(head, 'latin1'), body]) };
}

export const headerChecks: Check[] = [
  {
    id: 'header-long',
    sentence: 'Very long or very many headers are refused or ignored, and the server lives on.',
    group,
    level: 'hardening',
    hint: 'Leave the HTTP server’s limits on the head of a request in place.',
    source: rfc(6585, '5'),
    async run(context) {
      const shapes = [
        { what: 'one header of 64 KB', headers: [['X-Long', 'x'.repeat(65_536)] as const] },
        { what: 'one header of 7 KB', headers: [['X-Long', 'x'.repeat(7000)] as const] },
        {
          what: '300 headers',
          headers: Array.from({ length: 300 }, (_, index) => [`X-Many-${index}`, 'x'] as const),
        },
      ];
      await context.each(shapes, async ({ what, headers }) => {
        const request = context.request();
        const exchange = await context.send({
          ...request,
          headers: [...request.headers, ...headers],
        });
        if (exchange.responses[0]?.status !== context.usual) {
          context.expectRefusal(exchange, `the request had ${what}`, { orClosed: true });
        }
        await context.expectAlive(exchange);
      });
    },
  },
  {
    id: 'header-accept',
    sentence: 'What a caller says it accepts does not change the documented response.',
    group,
    level: 'hardening',
    hint: 'Write errors as the contract has them whatever Accept says; error handlers of frameworks like to send HTML.',
    source: operationPlace,
    async run(context) {
      const accepts = [
        'text/html',
        'application/xml',
        'application/problem+json',
        '*/*',
        'nonsense',
        '',
      ];
      await context.each(
        accepts,
        async (accept) => {
          const exchange = await context.call({ headers: [['Accept', accept]] }, { http: [406] });
          context.expectStatus(exchange, [context.usual, 406], `Accept was "${accept}"`);
          if (exchange.responses[0]?.status !== 406) context.expectShape(exchange);
        },
        { together: true },
      );
    },
  },
  {
    id: 'header-host',
    sentence: 'A request with no Host, or with two, gets 400.',
    group,
    level: 'http',
    hint: 'Node: count Host in request.rawHeaders and respond with 400 unless there is one; Java, Python: the same over all header values.',
    source: rfc(9112, '3.2'),
    async run(context) {
      const host = hostOfRequests(context.traffic.options.endpoint);
      await context.each([[], [host, 'other.invalid']], async (hosts) => {
        const exchange = await context.send(headOf(context, { hosts }));
        context.expectStatus(exchange, [400], `the request had ${hosts.length} Host headers`);
      });
    },
  },
  {
    id: 'header-expect',
    sentence: 'A caller that expects 100-continue gets it, or the final response.',
    group,
    level: 'http',
    hint: 'Node: leave checkContinue alone; others: respond, or write HTTP/1.1 100 Continue, before reading the body.',
    source: rfc(9110, '10.1.1'),
    async run(context) {
      const request = context.request({
        body: '{}',
        headers: [['Content-Type', 'application/json']],
      });
      const exchange = await context.send({
        ...request,
        headers: [...request.headers, ['Expect', '100-continue']],
      });
      if (exchange.responses.length > 0) return;
      context.fail(
        `expected a response, got none (${exchange.detail}): Expect was 100-continue`,
        exchange,
      );
    },
  },
  {
    id: 'header-http-1.0',
    sentence: 'A request of HTTP/1.0 gets a response without chunks.',
    group,
    level: 'http',
    hint: 'Send a Content-Length, or close the connection at the end of the body.',
    source: rfc(9112, '6.1'),
    async run(context) {
      const exchange = await context.send(headOf(context, { version: 'HTTP/1.0' }));
      const [response] = exchange.responses;
      if (!response)
        return context.fail(`expected a response, got none (${exchange.detail})`, exchange);
      if (response.headers.some(([name]) => /^transfer-encoding$/i.test(name))) {
        context.fail('the response to HTTP/1.0 has a Transfer-Encoding', exchange);
      }
    },
  },
  {
    id: 'header-absolute-form',
    sentence: 'A request target in absolute form is understood.',
    group,
    level: 'http',
    hint: 'Cut scheme and host off a target that begins with http:// before routing (Node: request.url).',
    source: rfc(9112, '3.2.2'),
    async run(context) {
      const subject = await context.liveIfAny();
      const request = headOf(context, { absolute: true, options: onto(subject) });
      const statuses = subject ? context.successes : [context.usual];
      context.expectStatus(
        await context.send(request),
        statuses,
        'the target was in absolute form',
      );
    },
  },
];
