import { once } from 'node:events';
import * as module from 'node:module';
import { MessageChannel, Worker } from 'node:worker_threads';
import { ContractError } from './contract-error.ts';
import type { ReadDocument, ReadTask } from './read-document.ts';
import type { Task, Verdict } from './read-worker.ts';

/** How long a thread without work waits for the next, in milliseconds: files are often saved in quick succession. */
const IDLE = 5_000;

let worker: Worker | undefined;
let pending = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * `readDocument` on a thread of its own: a mock that follows its file goes on responding meanwhile.
 * @throws {ContractError} with the first problem and its line
 */
export async function readInWorker(task: ReadTask): Promise<ReadDocument> {
  clearTimeout(timer);
  worker ??= startWorker();
  pending += 1;
  const { port1, port2 } = new MessageChannel();
  const done = new AbortController();
  try {
    worker.postMessage({ ...task, port: port2 } satisfies Task, [port2]);
    const ended = once(worker, 'exit', done).then(([code]) => {
      throw new Error(`The thread that reads documents ended with ${code}.`);
    });
    const [verdict] = await Promise.race([once(port1, 'message') as Promise<[Verdict]>, ended]);
    if ('problem' in verdict) throw new ContractError(verdict.problem, verdict.files);
    return verdict;
  } finally {
    done.abort();
    port1.close();
    pending -= 1;
    if (pending === 0) timer = setTimeout(stopWorker, IDLE).unref();
  }
}

function stopWorker(): void {
  const idle = worker;
  // From here on, a document is for another thread to read.
  worker = undefined;
  idle?.terminate();
}

function startWorker(): Worker {
  const url = new URL(
    'dist/read-worker.js',
    import.meta.resolve('@sql-sessions/mock/package.json'),
  );
  // Named imports of what an older Node does not have would fail before it is told so.
  const compileCache = module.getCompileCacheDir?.() !== undefined;
  const started = new Worker(url, { workerData: { compileCache } });
  started.unref();
  started.on('error', () => undefined);
  started.once('exit', () => {
    if (worker === started) worker = undefined;
  });
  return started;
}
