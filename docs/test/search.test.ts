import { beforeAll, describe, expect, test } from 'vitest';
import { buildSite } from '../src/build-site.ts';
import { createIndex, type Entry, find } from '../src/search/find.ts';

let index: ReturnType<typeof createIndex>;

beforeAll(async () => {
  const { files } = await buildSite();
  index = createIndex(JSON.parse(String(files.get('search.json'))) as Entry[]);
});

/** What readers type, and where the first result leads: a page, or a page and a part of it. */
const QUERIES: [query: string, first: RegExp][] = [
  ['response', /^(#|errors\/)/],
  ['error codes', /^(errors\/|#.*-\d{3}|versioning)/],
  ['403', /403/],
  ['404 after closing', /404/],
  ['retry', /^(errors\/|guides\/client)/],
  ['how long should I wait before retrying', /^errors\/#how-long/],
  ['backoff', /^(errors\/#how-long|guides\/client)/],
  ['retry-after', /^(errors\/|guides\/client)/],
  ['rate limit', /^(errors\/|guides\/)/],
  ['timeout', /^(errors\/|guides\/client|#.*408)/],
  ['idempotent', /^(#|errors\/|$)/],
  ['base URL', /^#servers/],
  ['authentication', /^#/],
  ['token', /^(#|guides\/|errors\/)/],
  ['install', /^guides\//],
  ['TypeScript', /^(guides\/|packages\/)/],
  ['CommonJS', /^(guides\/|packages\/)/],
  ['terminate', /^(#|$)/],
  ['cancel', /^(guides\/client|#|$)/],
  ['mock port', /^(guides\/|packages\/mock)/],
  ['CORS', /^(guides\/|errors\/|packages\/mock)/],
  ['scenario', /^(guides\/mock|packages\/mock)/],
  ['webhooks', /^(keywords\/|#)/],
  ['breaking change', /^(versioning\/|versions\/)/],
  ['deprecation', /^(versioning\/|keywords\/)/],
  ['changelog', /^(changelog\/|versions\/|versioning)/],
  ['conformance', /^(guides\/conformance|packages\/conformance)/],
];

test.each(QUERIES)('"%s" finds its page first', (query, first) => {
  // With several operations each has a page of its own.
  const found = find(index, query).map(({ id }) => String(id).replace(/^operations\/[^/]+\//, ''));
  expect(found[0], found.slice(0, 5).join('  ')).toMatch(first);
});

describe('results', () => {
  test('nonsense finds nothing', () => {
    expect(find(index, 'qqzzxx')).toEqual([]);
  });

  test('a name is found by its parts', () => {
    expect(find(index, 'sessi').map(({ title }) => title)).toContain('session_id');
  });
});
