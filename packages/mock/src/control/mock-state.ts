import type { Contract } from '@sql-sessions/contract/model';
import { exampleNames } from '../behavior/documented.ts';
import type { RunningScenario } from '../behavior/scenarios.ts';
import type { Settings } from '../behavior/settings.ts';
import { type ExampleRequest, exampleRequest } from '../contract/example-request.ts';
import type { LiveContract } from '../contract/live-contract.ts';
import type { Space } from '../spaces.ts';

/** What the mock serves and does at the moment, in one space. */
export interface MockState {
  readonly space: string;
  readonly contract: {
    readonly title: string;
    readonly version: string;
    /** The file it is read from. */
    readonly spec: string;
    /** Why the file as it is now cannot be used; null where it can. The last good version is served meanwhile. */
    readonly problem: string | null;
    readonly operations: readonly OperationState[];
  };
  readonly settings: Settings;
  readonly scenarios: readonly RunningScenario[];
  /** How many paths are deleted in stateful mode. */
  readonly deleted: number;
}

interface OperationState {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** A request to send, with the contract's example values. */
  readonly example: ExampleRequest;
  readonly responses: readonly {
    readonly status: string;
    /** Null where the contract states none. */
    readonly reasonPhrase: string | null;
    readonly description: string;
    readonly examples: readonly string[];
  }[];
}

export function mockState({
  spec,
  contract: { current, problem },
  space: { name, behavior },
}: {
  spec: string;
  contract: LiveContract;
  space: Space;
}): MockState {
  const { title, version } = current.contract.info;
  const operations = operationStates(current.contract);
  return {
    space: name,
    contract: { title, version, spec, problem: problem ?? null, operations },
    settings: behavior.settings,
    scenarios: behavior.scenarios.list(),
    deleted: behavior.state.deleted.size,
  };
}

const STATES = new WeakMap<Contract, OperationState[]>();

function operationStates(contract: Contract): OperationState[] {
  const known = STATES.get(contract);
  if (known) return known;
  const states = contract.operations.map((operation) => ({
    id: operation.id,
    method: operation.method,
    path: operation.path,
    summary: operation.summary,
    example: exampleRequest(contract, operation),
    responses: operation.responses.map((response) => ({
      status: response.status,
      reasonPhrase: response.reasonPhrase ?? null,
      description: response.description,
      examples: exampleNames(response),
    })),
  }));
  STATES.set(contract, states);
  return states;
}
