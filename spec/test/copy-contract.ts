import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { specFolder } from './contract.ts';

/** The contract and its lint rules in a folder of their own, to be broken at will. */
export async function copyContract(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  for (const name of ['sessions.yaml', 'redocly.yaml']) {
    await cp(join(specFolder, name), join(folder.path, name));
  }
  return folder;
}
