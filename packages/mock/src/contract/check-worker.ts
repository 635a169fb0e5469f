/** Runs on a thread of its own: paths come in, each with a port, and what is wrong with the file goes out through it. */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ContractError } from './contract-error.ts';

export interface CheckTask {
  readonly file: string;
  readonly port: MessagePort;
}

export interface Verdict {
  /** Undefined where the document is sound. */
  readonly problem?: { readonly message: string; readonly files: string[] };
}

// Each thread has its own; whether there is one is for the program to say, and not for a library.
if (workerData.compileCache) enableCompileCache();
const loading = import('./check-document.ts');

parentPort?.on('message', async ({ file, port }: CheckTask) => {
  const { checkDocument } = await loading;
  let verdict: Verdict = {};
  try {
    await checkDocument(file);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    verdict = { problem: { message: error.message, files: error.files } };
  }
  port.postMessage(verdict);
  // It is not written when a thread is terminated; the start of the mock comes first.
  if (workerData.compileCache) setTimeout(flushCompileCache, 1_000);
});
