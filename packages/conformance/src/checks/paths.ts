import type { Check } from '../check.ts';
import { pathPlace } from './places.ts';

const group = 'Paths';

/** The path of a call with something done to it. */
function refusedPaths(
  check: Pick<Check, 'id' | 'sentence'>,
  shapes: (path: string, ids: string[]) => string[],
): Check {
  return {
    ...check,
    group,
    source: pathPlace,
    async run(context) {
      const { target, ...request } = context.request();
      const [path = ''] = target.split('?');
      const own = path.slice(context.traffic.prefix.length);
      const template = context.operation.path.split('/');
      const ids = own.split('/').filter((_, index) => template[index]?.startsWith('{'));
      await context.each(shapes(own, ids), async (shape) => {
        const exchange = await context.send({ ...request, target: context.traffic.prefix + shape });
        context.expectRefusal(exchange, `${shape} is no path of the contract`);
      });
    },
  };
}

export const pathChecks: Check[] = [
  refusedPaths(
    {
      id: 'path-empty-segment',
      sentence: 'An id that is empty is refused, never taken for something else.',
    },
    (path, ids) => [
      ...ids.map((id) => path.replace(id, '')),
      ids.reduce((rest, id) => rest.replace(id, ''), path),
    ],
  ),
  refusedPaths(
    {
      id: 'path-doubled-slash',
      sentence: 'Doubled slashes do not lead to another place, nor to another host.',
    },
    (path) => [`/${path}`, `//example.invalid${path}`, path.replaceAll('/', '//'), `${path}//`],
  ),
  refusedPaths(
    { id: 'path-dot-segments', sentence: 'Dot segments do not climb out of their place.' },
    (path, ids) => [
      ...ids.flatMap((id) =>
        ['..', '.', '../..', '..;', '../../..'].map((dots) => path.replace(id, dots)),
      ),
      `${path}/..`,
      `${path}/../../../../../etc/passwd`,
    ],
  ),
  refusedPaths(
    { id: 'path-unknown', sentence: 'A path that the contract does not have is refused.' },
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
