import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '@sql-sessions/testing/process';

export interface SaveTimes {
  types: number;
  mock: number;
  docs: number;
}

const DESCRIPTION = 'Ends one SQL session.';
const MESSAGE = 'response status exception, code: 404';
const PATH = '/v1/workspaces/analytics/sessions/0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21';

/**
 * Runs `pnpm dev` in a built clone and saves the contract again and again: each save changes a description, which
 * types and docs show, and an example, which the mock answers. Milliseconds from the save to each of the three.
 */
export async function followSaves(clone: string, saves: number): Promise<SaveTimes[]> {
  const dev = start(
    'node',
    ['scripts/src/start.ts', '--watch', '--mock-port', '0', '--docs-port', '0'],
    { cwd: clone, group: true },
  );
  const contract = join(clone, 'spec/sessions.yaml');
  const source = await readFile(contract, 'utf8');
  try {
    const [, mock = '', docs = ''] = await dev.waitFor(
      /Mock\s+(http\S+)[\s\S]*Reference\s+(http\S+)/,
      300_000,
    );
    const times: SaveTimes[] = [];
    for (let save = 1; save <= saves; save += 1) {
      const description = `Ends SQL session number ${save}.`;
      const message = `response number ${save}`;
      const text = source.replace(DESCRIPTION, description).replace(MESSAGE, message);
      const began = performance.now();
      await writeFile(contract, text);
      const [types, answer, page] = await Promise.all([
        until(began, async () =>
          (await readFile(join(clone, 'spec/dist/raw.d.ts'), 'utf8')).includes(description),
        ),
        until(began, async () => {
          const response = await fetch(mock + PATH, {
            method: 'DELETE',
            headers: { Prefer: 'code=404', 'X-Auth-Token': 'a-token' },
          });
          return (await response.text()).includes(message);
        }),
        until(began, async () => (await (await fetch(docs)).text()).includes(description)),
      ]);
      times.push({ types, mock: answer, docs: page });
      // What still follows of this save must not disturb the next.
      await sleep(500);
    }
    return times;
  } finally {
    await dev.stop('SIGINT');
    await writeFile(contract, source);
  }
}

async function until(began: number, holds: () => Promise<boolean>): Promise<number> {
  while (performance.now() - began < 60_000) {
    // A file that is being replaced or a server that starts anew is no failure.
    if (await holds().catch(() => false)) return performance.now() - began;
    await sleep(5);
  }
  throw new Error('A save had not been followed after a minute.');
}
