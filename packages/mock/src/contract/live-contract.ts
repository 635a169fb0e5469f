import { ContractError } from './contract-error.ts';
import { type LoadedContract, type LoadOptions, loadContract } from './load-contract.ts';
import { watchFiles } from './watch-files.ts';

export type ContractEvent =
  | { kind: 'reloaded'; title: string; version: string; operations: number; durationMs: number }
  | { kind: 'broken'; problem: string }
  | { kind: 'recovered' };

export interface LiveContract {
  /** The last good one. */
  readonly current: LoadedContract;
  /** Why the file as it is now cannot be used; undefined where it can. */
  readonly problem: string | undefined;
  close(): void;
}

/**
 * A contract that follows its files. A new version is checked before it takes over in one step; one that cannot be
 * used changes nothing but `problem`.
 */
export function followContract(
  options: LoadOptions,
  loaded: LoadedContract,
  { watch, onEvent }: { watch: boolean; onEvent: (event: ContractEvent) => void },
): LiveContract {
  let current = loaded;
  let problem: string | undefined;
  let closed = false;
  let loading = false;
  let again = false;
  const watcher = watch ? watchFiles(reload) : undefined;
  watcher?.follow(current.files);

  async function reload() {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    do {
      again = false;
      await loadOnce();
    } while (again && !closed);
    loading = false;
  }

  async function loadOnce() {
    const start = performance.now();
    try {
      const next = await loadContract({ ...options, strict: !current.isMistyped });
      if (closed) return;
      current = next;
      watcher?.follow(next.files);
      if (problem !== undefined) onEvent({ kind: 'recovered' });
      problem = undefined;
      const { info, operations } = next.contract;
      const { title, version } = info;
      const durationMs = Math.round(performance.now() - start);
      onEvent({ kind: 'reloaded', title, version, operations: operations.length, durationMs });
    } catch (error) {
      if (closed) return;
      problem = error instanceof Error ? error.message : String(error);
      const files = error instanceof ContractError ? error.files : [];
      watcher?.follow([...new Set([...current.files, ...files])]);
      onEvent({ kind: 'broken', problem });
    }
  }

  return {
    get current() {
      return current;
    },
    get problem() {
      return problem;
    },
    close() {
      closed = true;
      watcher?.close();
    },
  };
}
