/** Runs on a thread of its own: tasks come in, each with a port, and what was read goes out through it. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { ContractError } from './contract-error.ts';
import type { ReadDocument, ReadTask } from './read-document.ts';

export interface Task extends ReadTask {
  readonly port: MessagePort;
}

export type Verdict = ReadDocument | { readonly problem: string; readonly files: string[] };

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
});
