import type { Check } from '../check.ts';
import { operationPlace, rfc } from './places.ts';

const group = 'Headers';

export const headerChecks: Check[] = [
  {
    id: 'header-long',
    sentence: 'Very long or very many headers are refused or ignored, and the server lives on.',
    group,
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
        if (exchange.answers[0]?.status !== context.usual) {
          context.expectRefusal(exchange, `the request had ${what}`, { orClosed: true });
        }
        await context.expectAlive(exchange);
      });
    },
  },
  {
    id: 'header-accept',
    sentence: 'What a caller says it accepts does not change the documented answer.',
    group,
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
      await context.each(accepts, async (accept) => {
        const exchange = await context.call({ headers: [['Accept', accept]] });
        context.expectStatus(exchange, [context.usual], `Accept was "${accept}"`);
        context.expectType(exchange);
      });
    },
  },
  {
    id: 'header-host',
    sentence: 'A request with no Host, or with two, is answered with 400.',
    group,
    source: rfc(9112, '3.2'),
    async run(context) {
      const { baseUrl } = context.traffic;
      const request = context.request();
      const head = (hosts: string[]) =>
        Buffer.from(
          [
            `${request.method} ${request.target} HTTP/1.1`,
            ...hosts.map((host) => `Host: ${host}`),
            ...request.headers.map(([name, value]) => `${name}: ${value}`),
            'Connection: close\r\n\r\n',
          ].join('\r\n'),
          'latin1',
        );
      await context.each([[], [baseUrl.host, 'other.invalid']], async (hosts) => {
        const exchange = await context.send({ ...request, bytes: head(hosts) });
        context.expectStatus(exchange, [400], `the request had ${hosts.length} Host headers`);
      });
    },
  },
];
