import { createServer } from 'node:http';
import { listen } from '@sql-sessions/testing/listen';
import { run } from '@sql-sessions/testing/process';
import { validRange } from 'semver';
import { expect, test, vi } from 'vitest';
import { checkPublished } from '../versioning/check-published.ts';
import { tagOf } from '../versioning/publish.ts';
import type { LooseDocument } from './contract.ts';
import { ROOT, workspaceCopy } from './workspace-copy.ts';

vi.setConfig({ testTimeout: 120_000 });

const NAME = '@sql-sessions/client';
const PACKAGES = [{ folder: 'packages/client', manifest: { name: NAME, version: '1.0.0' } }];
const HEX = 'ab'.repeat(64);

/** What a registry says of a version that is all right, in the form in which it was recorded. */
function recorded() {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'pkg:npm/%40sql-sessions/client@1.0.0', digest: { sha512: HEX } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        externalParameters: {
          workflow: {
            ref: 'refs/heads/main',
            repository: 'https://github.com/sql-sessions/sql-sessions',
            path: '.github/workflows/release.yml',
          },
        },
      },
    },
  };
  return {
    statement,
    packument: {
      name: NAME,
      'dist-tags': { latest: '1.0.0' } as Record<string, string>,
      versions: {
        '1.0.0': {
          name: NAME,
          version: '1.0.0',
          dist: {
            integrity: `sha512-${Buffer.from(HEX, 'hex').toString('base64')}`,
            attestations: {
              url: '/-/npm/v1/attestations/@sql-sessions%2fclient@1.0.0',
              provenance: {},
            },
          },
          _npmUser: {
            name: 'GitHub Actions',
            trustedPublisher: { id: 'github', oidcConfigId: 'oidc:1' },
          },
        },
      } as Record<string, LooseDocument>,
    },
    attestations: [
      {
        predicateType: 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1',
        bundle: {},
      },
      {
        predicateType: 'https://slsa.dev/provenance/v1',
        bundle: { dsseEnvelope: { payload: '' } },
      },
    ] as { predicateType: string; bundle: LooseDocument }[],
  };
}

type Recorded = ReturnType<typeof recorded>;

function serve(responses: Recorded): ReturnType<typeof listen> {
  const [, provenance] = responses.attestations;
  const envelope = provenance?.bundle.dsseEnvelope;
  if (envelope?.payload === '')
    envelope.payload = Buffer.from(JSON.stringify(responses.statement)).toString('base64');
  const server = createServer((request, response) => {
    const isPackage = /^\/@sql-sessions%2f\w+$/i.test(request.url ?? '');
    const body = isPackage ? responses.packument : { attestations: responses.attestations };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  });
  return listen(server);
}

const one = ({ packument }: Recorded) => packument.versions['1.0.0'] ?? expect.unreachable();
const workflow = ({ statement }: Recorded) =>
  statement.predicate.buildDefinition.externalParameters.workflow;
const lacks: [string, (recorded: Recorded) => void, string | undefined][] = [
  ['nothing', () => {}, undefined],
  [
    'the version',
    ({ packument }) => {
      packument.versions = {};
    },
    'is not in the registry',
  ],
  [
    'a tag',
    ({ packument }) => {
      packument['dist-tags'] = {};
    },
    'nothing is tagged `latest`',
  ],
  [
    'a tag that stands still',
    ({ packument }) => {
      packument.versions['1.1.0'] = {};
    },
    'but `latest` is 1.0.0. Move it: npm dist-tag add @sql-sessions/client@1.1.0 latest',
  ],
  [
    'a trusted publisher',
    (all) => {
      one(all)._npmUser = { name: 'somebody' };
    },
    'was published by somebody with a token',
  ],
  [
    'our trusted publisher',
    (all) => {
      one(all)._npmUser.trustedPublisher.id = 'gitlab';
    },
    'by the trusted publisher gitlab',
  ],
  [
    'an attestation',
    (all) => {
      delete one(all).dist.attestations;
    },
    'has no attestation',
  ],
  [
    'provenance',
    (all) => {
      all.attestations.pop();
    },
    'none about its provenance',
  ],
  [
    'a readable statement',
    (all) => {
      (all.attestations[1] as LooseDocument).bundle.dsseEnvelope.payload = '!';
    },
    'cannot be read',
  ],
  [
    'its own statement',
    ({ statement }) => {
      (statement.subject[0] as LooseDocument).name = 'pkg:npm/%40sql-sessions/mock@1.0.0';
    },
    'has the attestation of pkg:npm/%40sql-sessions/mock@1.0.0',
  ],
  [
    'its tarball',
    (all) => {
      one(all).dist.integrity = 'sha512-AA==';
    },
    'is not the tarball',
  ],
  [
    'our repository',
    (all) => {
      workflow(all).repository = 'https://github.com/else/where';
    },
    'was built in https://github.com/else/where',
  ],
  [
    'our workflow',
    (all) => {
      workflow(all).path = '.github/workflows/ci.yml';
    },
    'was built by the workflow .github/workflows/ci.yml',
  ],
];

test.each(lacks)('a published version that lacks %s', async (_, change, problem) => {
  const responses = recorded();
  change(responses);
  await using registry = await serve(responses);
  const problems = await checkPublished(PACKAGES, registry.url);
  expect(problems).toHaveLength(problem === undefined ? 0 : 1);
  expect(problems.join()).toContain(problem === undefined ? '' : problem);
});

test('the release job asks as a command, and a registry that is not there is named', async () => {
  await using copy = await workspaceCopy();
  await using registry = await serve(recorded());
  const args = ['--dir', ROOT, '--config.verify-deps-before-run=false', 'run', 'release:published'];
  const ask = (url: string) =>
    run('pnpm', [...args, '--root', copy.root], {
      env: { npm_config_registry: url, pnpm_config_registry: url },
    });
  await copy.write('.npmrc', `@sql-sessions:registry=${registry.url}\n`);
  const result = await ask(registry.url);
  expect(result.stderr).toContain('@sql-sessions/contract@1.0.0 has the attestation of');
  expect(result.code).toBe(1);
  await copy.write('.npmrc', '@sql-sessions:registry=http://127.0.0.1:1/\n');
  const none = await ask('http://127.0.0.1:1/');
  expect(none.stderr).toContain('did not respond');
  expect(none.stdout + none.stderr).not.toMatch(/^\s+at /m);
});

test.each([
  ['1.0.0', [], undefined],
  ['1.1.0', ['1.0.0'], undefined],
  ['1.0.1', ['1.0.0', '2.0.0'], 'latest-1'],
  ['1.0.1', ['1.0.0', '1.1.0'], 'latest-1.0'],
  ['1.1.1', ['1.1.0', '2.0.0', '1.2.0'], 'latest-1.1'],
  ['1.0.1', ['1.0.0', '2.0.0-next.0'], undefined],
  ['2.0.0-next.1', ['2.1.0'], undefined],
])('%s, where %s are published, gets the tag %s', (version, published, tag) => {
  expect(tagOf(version, published)).toBe(tag);
  expect(validRange(tag ?? 'latest'), 'npm refuses a tag that reads like a range').toBeNull();
});
