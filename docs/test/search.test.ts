import document from '@sql-sessions/contract/openapi.json' with { type: 'json' };
import { beforeAll, describe, expect, test } from 'vitest';
import { buildSite } from '../src/build-site.ts';
import { createIndex, type Entry, find } from '../src/search/find.ts';

let index: ReturnType<typeof createIndex>;

beforeAll(async () => {
  const { files } = await buildSite();
  index = createIndex(JSON.parse(String(files.get('search.json'))) as Entry[]);
});

const saysIdempotent = JSON.stringify(document).includes('idempotent');

/** What readers type, and where the first result leads: a page, or a page and a part of it. */
const QUERIES: [query: string, first: RegExp][] = [
  ['response', /^(#|errors\/)/],
  ['error codes', /^(errors\/|#.*-\d{3}|versioning)/],
  ['403', /403/],
  ['404 after closing', /404/],
  ['retry', /^(errors\/|guides\/client)/],
  ['how long should I wait before retrying', /^errors\/#how-long/],
  ['backoff', /^(errors\/#how-long|guides\/client)/],
  ['retry-after', /^(errors\/|guides\/client|#.*-429)/],
  ['rate limit', /^(errors\/|guides\/)/],
  ['timeout', /^(errors\/|guides\/client|#.*408)/],
  ['idempotent', saysIdempotent ? /^(#|errors\/|$)/ : /^guides\/client\/#time-and-retries/],
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
  // The reader's word is not ours.
  ['log out', /^(#|$)/],
  ['disconnecting', /^(#|$)/],
  ['JWT', /^#(security|.*-authentication)|^guides\/client\/#tokens/],
  ['authorization header', /^#(security|.*-authentication)/],
  ['access denied', /403/],
  ['uuid', /^#.*(id|Id)/],
  ['postman', /^$/],
  ['swagger', /^$/],
  ['python', /^#.*-samples/],
  ['curl', /^#.*-samples/],
  ['sdk', /^guides\/client\/$/],
  ['semver', /^(versions|versioning)\//],
  ['migration', /^(versions|versioning)\//],
  ['throttle', /^(errors\/|#about|#.*-429)/],
  ['jitter', /^(errors\/|guides\/client\/#time-and-retries)/],
  ['ECONNREFUSED', /^guides\/client\/#no-response-at-all/],
  ['ENOTFOUND', /^guides\/client\/#no-response-at-all/],
  ['self-signed', /^guides\/client\/#no-response-at-all/],
  ['302', /^errors\/#responses-that-the-contract/],
  ['throw', /^guides\/client\/#exceptions-instead/],
  ['refresh token', /^guides\/client\/#tokens/],
  ['opentelemetry', /^guides\/client\//],
  ['hooks', /^guides\/client\/#logging-and-tracing/],
  ['ESM', /^(guides\/client\/#quickstart|packages\/)/],
  ['tree shaking', /^guides\/client\/#only-some-operations/],
  ['supported node versions', /^guides\/client\/$/],
  ['bulk', /^guides\/client\/#quickstart/],
  ['delay', /^guides\/(mock|client)\//],
  ['chaos', /^guides\/mock\/#/],
  ['simulate error', /^guides\/mock\//],
  ['isolation', /^guides\/mock\/#spaces/],
  ['dashboard', /^guides\/mock\/#the-panel/],
  ['service worker', /^guides\/mock\/#msw/],
  ['docker', /^guides\/mock\/#in-ci-in-containers/],
  ['LAN', /^guides\/mock\/#in-ci-in-containers/],
  ['safari', /^guides\/mock\/#in-ci-in-containers/],
  ['permission prompt', /^guides\/mock\/#in-ci-in-containers/],
  ['port in use', /^guides\/mock\/#start-it/],
  ['skip a check', /^guides\/conformance\/#departures/],
  ['waiver', /^guides\/conformance\/#departures/],
  ['production safe', /^guides\/conformance\/#what-it-sends/],
  ['rss', /^guides\/publish-the-reference/],
  ['license', /^#about/],
  ['authentification', /^#(security|.*-authentication)/],
  ['error_code', /^(errors\/|#)/],
  ['error_msg', /^(errors\/|#)/],
  ['close twice', /^(errors\/|guides\/|#|$)/],
  ['typings', /^(guides\/client|packages\/)/],
  ['unauthenticated', /401/],
  ['gateway timeout', /^(errors\/|guides\/client\/#time-and-retries)/],
  ['socket hang up', /^guides\/client\/#no-response-at-all/],
  ['address already in use', /^guides\/mock\/#start-it/],
  ['revoke', /^guides\/client\/#tokens/],
  ['regex', /^(keywords|versioning|packages)\//],
  ['sandbox', /^guides\/mock\//],
  ['golang', /^guides\/(provider|conformance)\//],
  ['adr', /^decisions\//],
  ['network error', /^guides\/client\/#no-response-at-all/],
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

  test('an operation is found by its name in code', async () => {
    const { operations } = await import('@sql-sessions/contract');
    for (const id of Object.keys(operations)) {
      expect(String(find(index, id)[0]?.id)).toMatch(
        new RegExp(`(^|/)#${id}$|^operations/${id}/$`),
      );
    }
  });

  test('one word that is nowhere does not hide what the others find', () => {
    expect(find(index, 'qqzzxx waiver').length).toBe(find(index, 'waiver').length);
  });

  test('a name is found by its parts', () => {
    expect(find(index, 'sessi').map(({ title }) => title)).toContain('session_id');
  });
});
