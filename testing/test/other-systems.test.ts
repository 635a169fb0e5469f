/** Other systems than the one that runs the tests, as far as they can be imitated. */
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { leftOut, neededFiles } from '../src/left-out.ts';
import { temporaryFolder } from '../src/packages.ts';
import { run } from '../src/process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('what is left out on other systems exists, and nothing is left out on Linux', () => {
  for (const file of neededFiles) expect(existsSync(join(root, file)), file).toBe(true);
  const on = (system: string) =>
    ['spec', 'packages/mock', 'e2e', 'examples/postgres-provider'].flatMap((folder) =>
      leftOut(folder, system).map(({ pattern }) => `${folder}/${pattern}`),
    );
  expect(on('linux-x64')).toEqual([]);
  expect(on('darwin-arm64')).toEqual([
    'spec/test/release-policy.test.ts',
    'spec/test/release-policy.slow.test.ts',
    'packages/mock/test/published.test.ts',
    'e2e/tools/matrix.test.ts',
  ]);
  expect(on('win32-x64')).toContain('examples/postgres-provider/test/**');
});

test('a package whose tests are left out says so, and is green', async () => {
  await using folder = await temporaryFolder();
  const program = join(folder.path, 'program.mjs');
  const shared = new URL('../src/vitest.ts', import.meta.url).href;
  // Vitest itself has a part for each system, so it is loaded before the platform is another.
  await writeFile(
    program,
    `await import(${JSON.stringify(import.meta.resolve('vitest/config'))});
Object.defineProperty(process, 'platform', { value: 'win32' });
const { test } = (await import(${JSON.stringify(shared)})).default({ mode: 'test' });
console.log(JSON.stringify([test.exclude.at(-1), test.passWithNoTests]));`,
  );
  const { stdout, stderr } = await run(process.execPath, [program], {
    cwd: join(root, 'examples/postgres-provider'),
    env: { GITHUB_ACTIONS: 'true' },
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^::notice title=Not tested here::examples\/postgres-provider\/test\/\*\* is left out: .*\.$/m,
  );
  expect(stdout).toMatch(/^\["test\/\*\*",true\]$/m);
});

test('on Windows a command that is a script there goes through its shell, with every argument whole', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'npm.CMD'), '');
  await chmod(join(folder.path, 'npm.CMD'), 0o755);
  const program = join(folder.path, 'program.cjs');
  const library = fileURLToPath(import.meta.resolve('cross-spawn'));
  await writeFile(
    program,
    `Object.defineProperty(process, 'platform', { value: 'win32' });
const { _parse } = require(${JSON.stringify(library)});
const { command, args } = _parse('npm', ['install', 'a b&c'], {
  env: { PATH: ${JSON.stringify(folder.path)}, PATHEXT: '.EXE;.CMD', comspec: 'cmd.exe' },
});
console.log(JSON.stringify([command, ...args]));`,
  );
  const { stdout, stderr } = await run(process.execPath, [program]);
  expect(stderr).toBe('');
  const [shell, ...args] = JSON.parse(stdout);
  expect(shell).toBe('cmd.exe');
  expect(args.join(' ')).toContain('/d /s /c "npm');
  expect(args.join(' ')).toContain('^"a^ b^&c^"');
});

test('what is checked out is the same everywhere: line ends, names, and no script that only a Unix shell reads', async () => {
  const attributes = await readFile(join(root, '.gitattributes'), 'utf8');
  expect(attributes).toMatch(/^\* text=auto eol=lf$/m);
  const { stdout } = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
  });
  const names = [...new Set(stdout.split('\0').filter((name) => existsSync(join(root, name))))];
  expect(names.length).toBeGreaterThan(300);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  // What Windows cannot store: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
  const bad = /[<>:"\\|?*]|[. ]$|(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.|\/|$)/i;
  expect(names.filter((name) => bad.test(name))).toEqual([]);

  for (const name of names.filter((each) => /(^|\/)package\.json$/.test(each))) {
    const { scripts = {} } = JSON.parse(await readFile(join(root, name), 'utf8'));
    for (const [script, command] of Object.entries<string>(scripts)) {
      // cmd.exe knows `&&` and double quotes, and neither single quotes, `;`, variables before a command nor rm and cp.
      expect(command, `${name}: ${script}`).not.toMatch(
        /'|;|\$|`|\|\||(^|&& )(\w+=|rm |cp |mv |mkdir |cat |sh |\.\/)/,
      );
    }
  }
});
