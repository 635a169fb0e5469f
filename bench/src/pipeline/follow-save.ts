import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { editYaml, operationsOf } from '@sql-sessions/testing/edit-yaml';
import { start } from '@sql-sessions/testing/process';
import { SESSION, TOKEN, WORKSPACE } from '../contract.ts';

/**
 * Runs `pnpm dev` in a built clone. Each `save` changes the summary of an operation, which types and docs show, and
 * an example, which the mock responds with. Milliseconds from the save to the types, the mock and the docs.
 */
export async function followSaves(
  clone: string,
): Promise<{ save(): Promise<number[]> } & AsyncDisposable> {
  const args = ['scripts/src/start.ts', '--watch', '--mock-port', '0', '--docs-port', '0'];
  const dev = start('node', args, { cwd: clone, group: true });
  const stop = async () => void (await dev.stop('SIGINT'));
  const contract = join(clone, 'spec/sessions.yaml');
  const source = await readFile(contract, 'utf8');
  const ready = dev.waitFor(/Mock\s+(http\S+)[\s\S]*Reference\s+(http\S+)/, 300_000);
  const [, mock, docs = ''] = await ready.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  let number = 0;
  return {
    async save() {
      // What still follows of the save before must not disturb this one.
      await sleep(500);
      number += 1;
      const summary = `Close session number ${number}`;
      const message = `response number ${number}`;
      const text = editYaml(source, (document) => {
        operationsOf(document).closeSession.summary = summary;
        document.components.examples.NotFound.value.error_msg = message;
      });
      const began = performance.now();
      await writeFile(contract, text);
      return Promise.all([
        until(began, async () =>
          (await readFile(join(clone, 'spec/dist/raw.d.ts'), 'utf8')).includes(summary),
        ),
        until(began, async () => {
          const response = await fetch(`${mock}/v1/workspaces/${WORKSPACE}/sessions/${SESSION}`, {
            method: 'DELETE',
            headers: { Prefer: 'code=404', 'X-Auth-Token': TOKEN },
          });
          return (await response.text()).includes(message);
        }),
        until(began, async () => (await (await fetch(docs)).text()).includes(summary)),
      ]);
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function until(began: number, holds: () => Promise<boolean>): Promise<number> {
  while (performance.now() - began < 60_000) {
    // A file that is being replaced or a server that starts anew is no failure.
    if (await holds().catch(() => false)) return performance.now() - began;
    await sleep(5);
  }
  throw new Error('A save had not been followed after a minute.');
}
