import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type ContractEdit,
  editYamlFile,
  limitIds,
  operationsOf,
} from '@sql-sessions/testing/edit-yaml';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { afterAll } from 'vitest';
import { release } from '../versioning/release.ts';
import { publishedPackages } from '../versioning/workspace.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const SOURCE = 'spec/sessions.yaml';

let released: ReturnType<typeof makeReleased> | undefined;
afterAll(async () => (await released)?.[Symbol.asyncDispose]());

/**
 * A git checkout with what a release touches: the contract of today, released as 1.0.0, and the manifests of the
 * packages. Whatever this repository has released or prepared in the meantime does not matter, nor what operation is
 * deprecated.
 */
export async function workspaceCopy() {
  released ??= makeReleased();
  const folder = await temporaryFolder();
  const root = folder.path;
  await cp((await released).path, root, { recursive: true, verbatimSymlinks: true });
  const git = (...args: string[]) => runGit(root, ...args);
  const copy = {
    root,
    spec: join(root, 'spec'),
    git,
    async commit(message: string) {
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
    },
    read: (file: string) => readFile(join(root, file), 'utf8'),
    write: (file: string, text: string) => writeFile(join(root, file), text),
    async edit(file: string, from: string | RegExp, to: string) {
      const text = await copy.read(file);
      const edited = text.replace(from, to);
      if (edited === text) throw new Error(`${file} has no ${from}`);
      await copy.write(file, edited);
    },
    editContract: (edit: ContractEdit, file = SOURCE) => editYamlFile(join(root, file), edit),
    /** Gives ids of workspaces another length, by default a greater one: a minor change. */
    setIdLength: (length = 64) => copy.editContract(limitIds(length)),
    /** Lets errors come without a message: a major change. */
    dropErrorMessage: () =>
      copy.editContract(({ components: { schemas } }) => {
        schemas.Error.required = schemas.Error.required.filter(
          (name: string) => name !== 'error_msg',
        );
      }),
    changeset: (bump: string, text: string, name = '@sql-sessions/contract') =>
      copy.write(
        `.changeset/${bump}-${text.length}.md`,
        `---\n"${name}": ${bump}\n---\n\n${text}\n`,
      ),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
  return copy;
}

/** What every copy starts from. */
async function makeReleased() {
  const folder = await temporaryFolder();
  const root = folder.path;
  await mkdir(join(root, '.changeset'));
  await mkdir(join(root, 'spec'));
  const files = ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json'];
  for (const file of [...files, 'spec/sessions.yaml', 'spec/redocly.yaml']) {
    await cp(join(ROOT, file), join(root, file));
  }
  await editYamlFile(join(root, SOURCE), (contract) => {
    contract.info.version = '0.0.0';
    for (const operation of Object.values(operationsOf(contract))) {
      delete operation.deprecated;
      delete operation['x-sunset'];
    }
  });
  for (const { folder: name, manifest } of await publishedPackages(ROOT)) {
    await mkdir(join(root, name), { recursive: true });
    const first = { ...manifest, version: '1.0.0' };
    await writeFile(join(root, name, 'package.json'), JSON.stringify(first, null, 2));
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
  await writeFile(join(root, '.gitignore'), 'node_modules\ndist\n');
  await runGit(root, 'init', '--quiet', '--initial-branch', 'main');
  await release(root, '2026-01-01');
  await runGit(root, 'add', '--all');
  await runGit(root, 'commit', '--quiet', '--message', 'Release 1.0.0');
  return folder;
}

async function runGit(root: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  const options = [...identity, '-c', 'commit.gpgsign=false'];
  return (await promisify(execFile)('git', [...options, ...args], { cwd: root })).stdout;
}
