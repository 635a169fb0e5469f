import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
export async function growCopy(copy: WorkspaceCopy, contract: string): Promise<void> {
  await writeFile(join(copy.path, 'spec/sessions.yaml'), growContract(contract));
  await writeFile(join(copy.path, '.changeset/grow.md'), CHANGESET);
}

/** The source of the newest release of the contract in a copy. */
export async function newestRelease(copy: WorkspaceCopy): Promise<string> {
  const folder = join(copy.path, 'spec/releases');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'));
  const [newest = ''] = files.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  return readFile(join(folder, newest), 'utf8');
}
