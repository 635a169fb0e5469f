import { type Verification, verify } from '@sql-sessions/conformance';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import setup, { type ConformanceEnvironment } from '../conformance-setup.ts';
import { operationHandlers } from '../src/operation-handlers.ts';
import {
  type Database,
  OURS,
  type Provider,
  startDatabase,
  startProvider,
  THEIRS,
  TOKENS,
} from './support/stage.ts';

let database: Database;
let provider: Provider;
let verification: Verification;

beforeAll(async () => {
  database = await startDatabase();
  provider = await startProvider(database, { closeTimeout: 500, requestTimeout: 2000 });
  const env: ConformanceEnvironment = {
    ADMIN_URL: database.postgres.url(),
    OUR_URL: database.urlOf(OURS),
    OUR_TOKEN: TOKENS.ours,
    THEIR_URL: database.urlOf(THEIRS),
    THEIR_TOKEN: TOKENS.theirs,
    SUSPENDED_TOKEN: TOKENS.suspended,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  // The contract may have operations that this server does not implement.
  const operations = Object.keys(operationHandlers);
  verification = await verify({ baseUrl: provider.url, setup, operations, level: 'hardening' });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await provider[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('every check of the kit was exercised and passed', () => {
  const { checks, summary, seed } = verification.report;
  const rest = checks.filter(({ outcome }) => outcome !== 'passed');
  expect(rest, `seed ${seed}`).toEqual([]);
  expect(summary).toMatchObject({ failed: 0, known: 0, 'not-exercised': 0 });
  expect(summary.passed).toBeGreaterThan(0);
});

test('every documented status was seen', () => {
  const unseen = verification.report.statuses.filter(({ seen }) => seen === 0);
  expect(unseen).toEqual([]);
});

test('nothing that the kit sent left a token in the log', () => {
  const lines = provider.log().split('\n');
  expect(lines.length).toBeGreaterThan(verification.report.requests);
  const tokens = Object.values(TOKENS);
  expect(lines.filter((line) => tokens.some((token) => line.includes(token)))).toEqual([]);
});
