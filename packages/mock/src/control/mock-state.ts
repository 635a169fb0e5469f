import type { LiveContract } from '../contract/live-contract.ts';
import type { Player } from '../play/player.ts';
import type { RunningScenario } from '../play/scenarios.ts';
import type { Settings } from '../play/settings.ts';

/** What the mock serves and plays at the moment. */
export interface MockState {
  readonly contract: {
    readonly title: string;
    readonly version: string;
    /** The file it is read from. */
    readonly spec: string;
    /** Why the file as it is now cannot be used; null where it can. The last good version is served meanwhile. */
    readonly problem: string | null;
    readonly operations: readonly {
      readonly id: string;
      readonly method: string;
      readonly path: string;
      readonly summary: string;
      readonly examplePath: string;
      /** The header that takes the token; null where the operation needs none. */
      readonly tokenHeader: string | null;
      readonly answers: readonly {
        readonly status: string;
        readonly description: string;
        readonly examples: readonly string[];
      }[];
    }[];
  };
  readonly settings: Settings;
  readonly scenarios: readonly RunningScenario[];
  /** How many paths are closed in stateful mode. */
  readonly closed: number;
}

export function mockState({
  spec,
  contract: { current, problem },
  player,
}: {
  spec: string;
  contract: LiveContract;
  player: Player;
}): MockState {
  const { title, version, operations } = current.model;
  return {
    contract: {
      title,
      version,
      spec,
      problem: problem ?? null,
      operations: operations.map(({ answers, secrets, ...operation }) => ({
        ...operation,
        tokenHeader: secrets.find((secret) => secret.in === 'header')?.name ?? null,
        answers: answers.map(({ status, description, examples }) => ({
          status,
          description,
          examples,
        })),
      })),
    },
    settings: player.settings,
    scenarios: player.scenarios.list(),
    closed: player.closed.size,
  };
}
