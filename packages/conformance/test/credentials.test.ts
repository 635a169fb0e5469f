import { readFixture } from '@sql-sessions/testing/contracts';
import { expect, test } from 'vitest';
import type { Report } from '../src/report/report.ts';
import { variableOf } from '../src/values/credentials.ts';
import { type VerifyOptions, verify } from '../src/verify.ts';
import { credentialOf, type ModelServerOptions, startModelServer } from './server/model-server.ts';

/** The fixture's access operations, and those that only other parts refuse: a key in the query, in a cookie, and so on. */
function accessContract() {
  const document = readFixture('everything');
  const access = Object.entries(document.paths).filter(([path]) => path.startsWith('/access'));
  const [, bearer] = access.find(([path]) => path.endsWith('bearer')) ?? [];
  const more = (name: string, ...security: object[]) => [
    `/access/${name}`,
    { get: { ...(bearer?.get as object), operationId: name, security } },
  ];
  return {
    ...document,
    paths: Object.fromEntries([
      ...access,
      more('query', { QueryKey: [] }),
      more('cookie', { CookieKey: [] }),
      more('either', { Digest: [] }, { Bearer: [] }, { 'Api-Key 2': [], QueryKey: [] }),
      more('digest', { Digest: [] }),
      more('certificate', { Certificate: [] }),
    ]),
    components: {
      ...document.components,
      securitySchemes: {
        ...document.components.securitySchemes,
        'Api-Key 2': { type: 'apiKey', in: 'header', name: 'X-Other-Key' },
        QueryKey: { type: 'apiKey', in: 'query', name: 'key' },
        CookieKey: { type: 'apiKey', in: 'cookie', name: 'sid' },
        Digest: { type: 'http', scheme: 'Digest' },
        Certificate: { type: 'mutualTLS' },
      },
    },
  };
}

const contract = accessContract();
const TOKENS = [
  'token-missing',
  'token-bad',
  'token-elsewhere',
  'token-before-validation',
  'token-header-case',
  'token-alternatives',
];

async function check(options: ModelServerOptions = {}, more: Partial<VerifyOptions> = {}) {
  await using server = await startModelServer(contract, options);
  return await verify({
    baseUrl: server.url,
    contract,
    setup: () => server.setup(),
    level: 'hardening',
    only: ['success', ...TOKENS, 'response-status', 'response-no-token'],
    seed: 1,
    ...more,
  });
}

const failed = ({ checks }: Report) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ id, operation }) => [id, operation]);

test('each scheme gets its own credential, in its own place, and what cannot be sent is said', async () => {
  const { report, har } = await check();
  expect(failed(report)).toEqual([]);
  const reasons = (operation: string) =>
    new Set(report.checks.filter((one) => one.operation === operation).map(({ reason }) => reason));
  expect(reasons('digest')).toEqual(new Set(['the kit cannot authenticate with Digest']));
  expect(reasons('certificate')).toEqual(
    new Set(['Certificate needs a client certificate: give --cert and --key']),
  );
  const passed = report.checks.filter(({ outcome }) => outcome === 'passed');
  for (const operation of ['query', 'cookie', 'either', 'readBasic', 'readOauth', 'readBoth']) {
    for (const id of ['success', 'token-missing', 'token-bad'])
      expect(passed).toContainEqual(expect.objectContaining({ id, operation }));
  }
  const alternatives = passed.filter(({ id }) => id === 'token-alternatives');
  expect(alternatives.map(({ operation }) => operation)).toEqual(['readOauth', 'either']);
  // Nothing that a credential can be made from is written down.
  const written = JSON.stringify({ report, har });
  for (const name of Object.keys(contract.components.securitySchemes)) {
    expect(written).not.toContain(credentialOf(name));
    expect(written).not.toContain(btoa(credentialOf(name)));
    expect(written).not.toContain(encodeURIComponent(credentialOf(name)));
  }
});

test.for<[string, string, string, ModelServerOptions]>([
  [
    'skips the second of two secrets',
    'readBoth',
    'token-missing',
    { skips: (scheme, { id }) => id === 'readBoth' && scheme === 'Bearer' },
  ],
  [
    'skips the first of two secrets',
    'readBoth',
    'token-bad',
    { skips: (scheme, { id }) => id === 'readBoth' && scheme === 'ApiKey' },
  ],
  [
    'skips the key in the query',
    'query',
    'token-missing',
    { skips: (scheme) => scheme === 'QueryKey' },
  ],
  [
    'skips the key in the cookie',
    'cookie',
    'token-bad',
    { skips: (scheme) => scheme === 'CookieKey' },
  ],
  ['skips the password', 'readBasic', 'token-bad', { skips: (scheme) => scheme === 'Basic' }],
])('a server that %s is caught', async ([, operation, id, options]) => {
  const { report } = await check(options, { operations: [operation] });
  expect(failed(report)).toContainEqual([id, operation]);
  expect(report.ok).toBe(false);
});

test('a server that knows one of two ways only is caught', async () => {
  await using server = await startModelServer(contract);
  const setup = server.setup();
  const credentials = { ...setup.credentials, OpenId: 'refused' };
  const { report } = await verify({
    baseUrl: server.url,
    contract,
    setup: () => ({ ...setup, credentials }),
    operations: ['readOauth'],
    only: ['token-alternatives'],
  });
  expect(report.checks[0]?.findings[0]?.message).toBe(
    'expected 204, got 401 application/problem+json {"title":"Invalid request","detail":"color is none of the known ones"}: the contract lets a caller authenticate with OpenId',
  );
  expect(report.checks[0]?.findings[0]?.curl).toContain(`"$${variableOf('OpenId')}"`);
});

test.for<[Record<string, string>, RegExp]>([
  [
    { Nothing: 'a' },
    /^Unknown security scheme "Nothing": the schemes of the contract are ApiKey, Bearer,/,
  ],
  [
    { APIKEY: 'a' },
    /responds with 401 to a call without a token in readBearer\. Set SQL_SESSIONS_CREDENTIAL_BEARER to what it accepts, or leave the operation out with --without readBearer\.$/,
  ],
  [{ API_KEY_2: 'a', Bearer: 'b' }, /responds with 401 to Bearer in readBearer/],
])('credentials %j end the run in one sentence', async ([credentials, message]) => {
  await expect(check({}, { setup: undefined, credentials })).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringMatching(message),
  });
});

test.for<[object, RegExp]>([
  [
    { credentials: { Nothing: 'a' } },
    /^The setup's `credentials`: Unknown security scheme "Nothing"/,
  ],
  [{ credentials: { Bearer: 7 } }, /^The setup's `credentials` of Bearer is 7: expected a string/],
])('a setup with %j ends it too', async ([setup, message]) => {
  await expect(check({}, { setup: () => setup })).rejects.toMatchObject({
    kind: 'server',
    message: expect.stringMatching(message),
  });
});
