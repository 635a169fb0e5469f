/** Runs on a thread of its own: tasks come in, each with a port, and what was read goes out through it. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ContractError } from './contract-error.ts';
import type { ReadDocument, ReadTask } from './read-document.ts';

export interface Task extends ReadTask {
  readonly port: MessagePort;
}

export type Verdict = ReadDocument | { readonly problem: string; readonly files: string[] };

// Each thread has its own; whether there is one is for the program to say, and not for a library.
if (workerData.compileCache) enableCompileCache();
const loading = import('./read-document.ts');

parentPort?.on('message', async ({ port, ...task }: Task) => {
  let verdict: Verdict;
  try {
    const { readDocument } = await loading;
    verdict = await readDocument(task);
  } catch (error) {
    const problem = String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
    verdict =
      error instanceof ContractError
        ? { problem, files: error.files }
        : { problem: `${task.location}: ${problem}`, files: [] };
  }
  port.postMessage(verdict);
  // It is not written when a thread is terminated; the start of the mock comes first.
  if (workerData.compileCache) setTimeout(flushCompileCache, 1_000);
});
