import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { editYaml, limitIds } from '@sql-sessions/testing/edit-yaml';
import { expect, test } from 'vitest';
import type { BuildResult } from '../build/build-contract.ts';
import { watchContract } from '../build/watch-contract.ts';
import { contractSource } from './contract.ts';
import { copyContract } from './copy-contract.ts';

test('a save is built, a broken save keeps the last good contract, and a corrected one is built again', async () => {
  await using folder = await copyContract();
  const results = queue<BuildResult>();
  const watching = await watchContract(folder.path, results.push);
  try {
    await results.next((result) => result.ok);

    const edited = editYaml(contractSource, ({ info }) => {
      info.title = 'SQL Sessions, edited';
    });
    await save(folder.path, edited);
    await results.next((result) => result.ok && result.changed.includes('openapi.json'));
    expect(await bundled(folder.path)).toContain('SQL Sessions, edited');

    await save(folder.path, editYaml(contractSource, limitIds('many')));
    const broken = await results.next((result) => !result.ok);
    expect(broken).toMatchObject({ report: expect.stringMatching(/sessions\.yaml:\d+:\d+/) });
    expect(await bundled(folder.path)).toContain('SQL Sessions, edited');

    await save(folder.path, contractSource);
    await results.next((result) => result.ok && result.changed.includes('openapi.json'));
    expect(await bundled(folder.path)).not.toContain('edited');
  } finally {
    watching.close();
  }
});

/** As editors do it: a new file that takes the old one's place. */
async function save(folder: string, source: string): Promise<void> {
  await writeFile(join(folder, 'sessions.yaml~'), source);
  await rename(join(folder, 'sessions.yaml~'), join(folder, 'sessions.yaml'));
}

function bundled(folder: string): Promise<string> {
  return readFile(join(folder, 'dist/openapi.json'), 'utf8');
}

/** What is pushed, to be awaited: `next` takes the first item, past or future, that fits. */
function queue<T>() {
  const items: T[] = [];
  let wake = () => {};
  return {
    push(item: T) {
      items.push(item);
      wake();
    },
    async next(fits: (item: T) => boolean): Promise<T> {
      for (;;) {
        const item = items.shift();
        if (item === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (fits(item)) return item;
      }
    },
  };
}
