import { encodePath } from '@sql-sessions/contract/model';
import { describeResponse } from '../http/describe-response.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { NotExercised } from '../run/failure.ts';
import { isSafe, pathParameters, pathPlace } from '../run/operations.ts';
import { onto } from './ground.ts';

const group = 'Paths';

type Rule = Pick<Check, 'id' | 'sentence' | 'hint'>;

/** Own path of a call without the prefix of the base URL, and the segments of its ids. */
function partsOf(context: CheckContext, target: string): { path: string; ids: string[] } {
  const [full = ''] = target.split('?');
  const path = full.slice(context.traffic.prefix.length);
  const template = context.operation.path.split('/');
  const ids = path.split('/').filter((_, index) => template[index]?.startsWith('{'));
  return { path, ids };
}

/** Beside a 4xx, a redirect to a clean path is fine; a failure or a success is not. */
function expectElsewhere(context: CheckContext, exchange: Exchange, shape: string): void {
  const status = exchange.responses[0]?.status ?? 0;
  if (exchange.failure === 'closed' || exchange.failure === 'reset') return;
  if (status >= 300 && status < 500) return;
  if (status >= 200 && status < 300 && isSafe(context.operation)) return;
  context.fail(
    `expected a 4xx or a redirect, got ${describeResponse(exchange)}: ${shape} is not a path of the contract`,
    exchange,
  );
}

/** Whether an operation of the contract has such a path, as it is or with its dot segments resolved. */
function isDocumented({ schemas }: CheckContext, shape: string): boolean {
  const { contract } = schemas;
  const templates = schemas.once(contract, 'paths', () =>
    contract.operations.map(({ path }) => templateOf(path)),
  );
  const paths = [shape.split(/[?#]/)[0] ?? '', URL.parse(`http://server${shape}`)?.pathname ?? ''];
  return templates.some((template) => paths.some((one) => template.test(one)));
}

function templateOf(path: string): RegExp {
  const texts = path
    .split(/\{[^{}]*\}/)
    .map((text) => encodePath(text).replace(/[.*+?^$()[\]{}|\\]/g, '\\$&'));
  return new RegExp(`^${texts.join('[^/]+')}$`);
}

/** Paths that could lead elsewhere, so they are sent without the token. */
function strayPaths(rule: Rule, shapes: (path: string) => string[]): Check {
  return {
    ...rule,
    group,
    level: 'hardening',
    source: pathPlace,
    async run(context) {
      const { target, ...request } = context.request({ token: null });
      const { path } = partsOf(context, target);
      const stray = shapes(path).filter((shape) => !isDocumented(context, shape));
      if (stray.length === 0)
        throw new NotExercised('each such path is another one of the contract');
      await context.each(
        stray,
        async (shape) => {
          const exchange = await context.send({
            ...request,
            target: context.traffic.prefix + shape,
          });
          expectElsewhere(context, exchange, shape);
        },
        { together: true },
      );
    },
  };
}

/** The path of a live subject with something done to it; the token goes along. */
function bentPaths(
  rule: Rule & Pick<Check, 'level'>,
  shapes: (path: string, ids: string[]) => string[],
): Check {
  return {
    ...rule,
    group,
    source: pathPlace,
    appliesTo: (operation) => pathParameters(operation).length > 0,
    async run(context) {
      const { path, ids } = partsOf(context, context.request().target);
      const count = shapes(path, ids).length;
      const numbers = Array.from({ length: count }, (_, index) => index);
      await context.each(
        numbers,
        async (index) => {
          const subject = await context.liveIfAny();
          const { target, ...request } = context.request(onto(subject));
          const own = partsOf(context, target);
          const shape = shapes(own.path, own.ids)[index] ?? '';
          const exchange = await context.send({
            ...request,
            target: context.traffic.prefix + shape,
          });
          await context.expectAllOpen(exchange, `${shape} is not its path`, rule.level);
          const status = exchange.responses[0]?.status ?? 0;
          if (status >= 500 && status !== 501) {
            const message = `expected no 5xx, got ${describeResponse(exchange)}`;
            context.fail(
              `${message}: ${shape} is not a path of the contract`,
              exchange,
              'hardening',
            );
          }
        },
        { together: true },
      );
    },
  };
}

export const pathChecks: Check[] = [
  bentPaths(
    {
      id: 'path-empty-segment',
      sentence: 'An id that is empty is never taken for something else.',
      level: 'contract',
      hint: 'Match a path segment with one character at least.',
    },
    (path, ids) => [
      ...ids.map((id) => path.replace(id, '')),
      ids.reduce((rest, id) => rest.replace(id, ''), path),
    ],
  ),
  bentPaths(
    {
      id: 'path-dot-segments',
      sentence: 'Dot segments do not lead to a subject.',
      level: 'hardening',
      hint: 'Refuse a raw path that has dot segments: a gateway that does not resolve them has checked another path.',
    },
    (path, ids) => {
      const id = ids.at(-1) ?? '';
      return [
        path.replace(id, `x/../${id}`),
        path.replace(id, `./${id}`),
        path.replace(id, `x/%2e%2e/${id}`),
        path.replace(id, `..;/${id}`),
      ];
    },
  ),
  strayPaths(
    {
      id: 'path-doubled-slash',
      sentence: 'Doubled slashes do not lead to another place, nor to another host.',
      hint: 'Route by the raw path; `new URL(path, base)` takes what follows two slashes for a host.',
    },
    (path) => [`/${path}`, `//example.invalid${path}`, path.replaceAll('/', '//'), `${path}//`],
  ),
  strayPaths(
    {
      id: 'path-climbing',
      sentence: 'Dot segments do not climb out of their place.',
      hint: 'Serve no files beside the API, and refuse raw paths that have dot segments.',
    },
    (path) => [
      `${path}/..`,
      `${path}/../../../../../etc/passwd`,
      path.replace(/[^/]+$/, '..'),
      path.replace(/[^/]+$/, '..;'),
    ],
  ),
  strayPaths(
    {
      id: 'path-unknown',
      sentence: 'A path that the contract does not have is refused.',
      hint: 'End the routes with a handler that responds with 404; a page of a front end belongs on another path.',
    },
    (path) => [
      '/',
      `${path}/more`,
      path.replace(/^\/[^/]+/, '/v0'),
      '/.env',
      '/v1',
      path.toUpperCase(),
    ],
  ),
];
