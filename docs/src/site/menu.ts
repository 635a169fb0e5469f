import type { Contract } from '@sql-sessions/contract/model';
import { groupsOf } from '../render/reference.ts';
import type { Page } from './page.ts';
import { operationPath } from './reference-pages.ts';
import type { Source } from './repository.ts';

type Menu = { title: string; items: { path: string; title: string }[] }[];

/** Operations that a menu lists at most: with more of them, a page lists those of its own tag, or none. */
const MOST = 30;

/** What the menu of a page lists. */
export function menuOf(
  contract: Contract,
  pages: readonly Page[],
  sources: readonly Source[],
): (page: Page) => Menu {
  const titles = new Map(pages.map(({ path, title }) => [path, title]));
  const group = (name: Source['group']) =>
    sources
      .filter((source) => source.group === name)
      .map(({ path }) => ({ path, title: titles.get(path) ?? path }));
  const guides = group('Guides').sort(
    (a, b) => Number(b.path.includes('get-started')) - Number(a.path.includes('get-started')),
  );
  // In the order of the overview.
  const operations = groupsOf(contract).flatMap((group) => group.operations);
  const own = (path: string) => operations.find((operation) => operationPath(operation) === path);
  const listed = (path: string) => {
    const tag = own(path)?.tags[0];
    const near =
      operations.length <= MOST
        ? operations
        : operations.filter(({ tags }) => tag !== undefined && tags[0] === tag);
    return operations.length === 1 || near.length === 0 || near.length > MOST
      ? operations.filter((operation) => operation === own(path))
      : near;
  };
  const others = operations.length === 1 ? [] : [{ path: 'schemas/', title: 'Schemas' }];
  return (page) =>
    [
      {
        title: 'Reference',
        items: [
          { path: '', title: 'API reference' },
          ...listed(page.path).map((operation) => ({
            path: operationPath(operation),
            title: operation.summary,
          })),
          ...others,
          ...group('Reference'),
        ],
      },
      { title: 'Guides', items: guides },
      { title: 'Versions', items: [{ path: 'versions/', title: 'All versions' }] },
      { title: 'Project', items: group('Project') },
    ].filter(({ items }) => items.length > 0);
}
