import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContractEdit, editYamlFile } from '@sql-sessions/testing/edit-yaml';
import { run } from '@sql-sessions/testing/process';
import { publishedPackages, ROOT } from './published-packages.ts';

/**
 * A checkout in `root` with what a release needs: the published packages as they were built, and nothing released.
 * The first `release()` therefore makes 1.0.0 of the contract of today.
 */
export async function releaseCopy(root: string) {
  await mkdir(join(root, '.changeset'), { recursive: true });
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'LICENSE', '.changeset/config.json']) {
    await cp(join(ROOT, file), join(root, file));
  }
  await link(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const { folder, manifest } of await publishedPackages()) {
    await cp(join(ROOT, folder), join(root, folder), { recursive: true, filter: isPublishable });
    await mkdir(join(root, folder, 'node_modules/@sql-sessions'), { recursive: true });
    for (const [name, target] of [
      ['contract', 'spec'],
      ['testing', 'testing'],
    ] as const) {
      await link(join(root, target), join(root, folder, 'node_modules/@sql-sessions', name));
    }
    const first = { ...manifest, version: '1.0.0' };
    await writeFile(join(root, folder, 'package.json'), JSON.stringify(first, null, 2));
  }
  // What the scripts of the release import.
  const modules = join(ROOT, 'spec/node_modules');
  for (const name of await readdir(modules)) {
    if (/^(\.|@sql-sessions$)/.test(name)) continue;
    await link(join(modules, name), join(root, 'spec/node_modules', name));
  }
  // The manifests name it for development, so pnpm wants to see it.
  await mkdir(join(root, 'testing'));
  await cp(join(ROOT, 'testing/package.json'), join(root, 'testing/package.json'));
  const git = (...args: string[]) =>
    must('git', ['-c', 'user.name=copy', '-c', 'user.email=copy@example.com', ...args], root);
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(root, '.gitignore'), 'node_modules\ndist\n.npmrc\n');

  return {
    root,
    git,
    /** Commits everything there is. */
    async commit(message: string) {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
    },
    /** Whether the gate is open, and what it says. */
    gate() {
      const main = join(ROOT, 'spec/versioning/main.ts');
      return run(process.execPath, [main, 'gate', '--root', root], { env: { CI: 'true' } });
    },
    edit: (edit: ContractEdit) => editYamlFile(join(root, 'spec/sessions.yaml'), edit),
    /** Writes the changeset, makes the version and publishes it with the commands of the release workflow. */
    async release(npmrc: string, bump?: 'patch' | 'minor' | 'major') {
      if (bump !== undefined) {
        const changeset = `---\n"@sql-sessions/contract": ${bump}\n---\n\nA ${bump} change.\n`;
        await writeFile(join(root, '.changeset/change.md'), changeset);
      }
      const main = join(ROOT, 'spec/versioning/main.ts');
      await must(process.execPath, [main, 'release', '--root', root], root);
      await writeFile(join(root, '.npmrc'), npmrc);
      await must(
        'pnpm',
        ['--config.verify-deps-before-run=false', 'run', 'release:publish', '--no-git-tag'],
        root,
      );
    },
  };
}

function isPublishable(source: string): boolean {
  return !/[\\/](node_modules|test|src|releases|changelog\.json|CHANGELOG\.md|\.turbo|\.results)$/.test(
    source,
  );
}

function link(target: string, path: string): Promise<void> {
  return symlink(target, path, 'junction');
}

/** Runs a command that must succeed. */
export async function must(
  command: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
) {
  const result = await run(command, args, { cwd, env, timeout: 300_000 });
  if (result.code === 0) return result;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`,
  );
}
