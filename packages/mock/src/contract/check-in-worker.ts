import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { extname } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { CheckTask, Verdict } from './check-worker.ts';
import { ContractError } from './contract-error.ts';

/** How long a thread without work waits for the next, in milliseconds: files are often saved in quick succession. */
const IDLE = 5_000;

let worker: Worker | undefined;
let pending = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * `checkDocument` on a thread of its own: loading the rules takes as long as loading Prism, and a mock that follows
 * its file goes on answering while it is checked.
 * @throws {ContractError} with the first problem and its line
 */
export async function checkInWorker(file: string): Promise<void> {
  clearTimeout(timer);
  worker ??= startWorker();
  pending += 1;
  const { port1, port2 } = new MessageChannel();
  const done = new AbortController();
  try {
    const task: CheckTask = { file, port: port2 };
    worker.postMessage(task, [port2]);
    const ended = once(worker, 'exit', done).then(([code]) => {
      throw new Error(`The thread that checks documents ended with ${code}.`);
    });
    const [{ problem }] = await Promise.race([once(port1, 'message') as Promise<[Verdict]>, ended]);
    if (problem) throw new ContractError(problem.message, problem.files);
  } finally {
    done.abort();
    port1.close();
    pending -= 1;
    if (pending === 0) timer = setTimeout(stopWorker, IDLE).unref();
  }
}

function stopWorker(): void {
  const idle = worker;
  // From here on, a document is for another thread to check.
  worker = undefined;
  idle?.terminate();
}

function startWorker(): Worker {
  // This module is TypeScript where the package is built, and JavaScript afterwards.
  const url = new URL(`./check-worker${extname(import.meta.url)}`, import.meta.url);
  const started = new Worker(url, {
    workerData: { compileCache: getCompileCacheDir() !== undefined },
  });
  started.unref();
  started.on('error', () => undefined);
  started.once('exit', () => {
    if (worker === started) worker = undefined;
  });
  return started;
}
