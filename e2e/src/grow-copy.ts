import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editYamlFile, operationsOf } from '@sql-sessions/testing/edit-yaml';
import { growContract } from '@sql-sessions/testing/grow-contract';
import type { WorkspaceCopy } from './copy-workspace.ts';

/** All that differs in a copy that has grown: what the contract's owner writes, and nothing else. */
export const grownFiles = ['spec/sessions.yaml', '.changeset/grow.md'];

export const CHANGESET = `---
'@sql-sessions/contract': minor
---

Sessions can be created, listed and shown, and statements executed in them.
`;

/** Adds operations to the contract of a copy, with a changeset. */
export async function growCopy({ path }: WorkspaceCopy): Promise<void> {
  const contract = join(path, 'spec/sessions.yaml');
  await writeFile(contract, growContract(await readFile(contract, 'utf8')));
  await writeFile(join(path, '.changeset/grow.md'), CHANGESET);
}

const WORDING = `---
'@sql-sessions/contract': patch
---

An operation is described in other words.
`;

/** Changes a word of the contract of a copy, releases that, and commits it. */
export async function releaseCopy({ path, run, commit }: WorkspaceCopy): Promise<void> {
  await editYamlFile(join(path, 'spec/sessions.yaml'), (contract) => {
    const { closeSession } = operationsOf(contract);
    closeSession.summary = `Now, ${closeSession.summary}`;
  });
  await writeFile(join(path, '.changeset/word.md'), WORDING);
  await run('pnpm', ['run', 'release:version']);
  await commit('release');
}

/** Takes files back to the newest release: its contract, and nothing that waits for the next one. */
export async function toNewestRelease(folder: string): Promise<void> {
  const releases = join(folder, 'spec/releases');
  const files = (await readdir(releases)).filter((name) => name.endsWith('.yaml'));
  const [newest = ''] = files.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  await cp(join(releases, newest), join(folder, 'spec/sessions.yaml'));
  const changesets = join(folder, '.changeset');
  for (const name of await readdir(changesets))
    if (name.endsWith('.md') && name !== 'README.md') await rm(join(changesets, name));
}
