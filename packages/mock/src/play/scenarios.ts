import type { OperationModel } from '../contract/contract-model.ts';
import { isDocumented, type Scenario, type Step } from './scenario.ts';

/** A scenario and how many of its steps were played. */
export interface RunningScenario extends Scenario {
  readonly played: number;
}

interface Running {
  scenario: Scenario;
  played: number;
}

/** The scenarios that are set: at most one for everything, and one for each narrower target. */
export class Scenarios {
  #running: Running[] = [];

  /** Sets a scenario; one with the same target is replaced. */
  set(scenario: Scenario): void {
    const target = targetOf(scenario);
    this.#running = this.#running.filter((running) => targetOf(running.scenario) !== target);
    this.#running.push({ scenario, played: 0 });
    this.#running.sort((a, b) => narrowness(b.scenario) - narrowness(a.scenario));
  }

  clear(): void {
    this.#running = [];
  }

  /** All of them, the narrowest first: that is the order in which they are tried. */
  list(): RunningScenario[] {
    return this.#running.map(({ scenario, played }) => ({ ...scenario, played }));
  }

  /** The step that this call plays, which is used up by it; undefined where no scenario is for it. */
  take(operation: OperationModel, params: Record<string, string>): Step | undefined {
    const running = this.#running.find(
      ({ scenario, played }) =>
        applies(scenario, operation, params) &&
        (scenario.after !== 'normal' || played < scenario.steps.length),
    );
    if (!running) return undefined;
    const { steps, after } = running.scenario;
    const index =
      after === 'loop' ? running.played % steps.length : Math.min(running.played, steps.length - 1);
    running.played += 1;
    return steps[index];
  }
}

function applies(
  scenario: Scenario,
  operation: OperationModel,
  params: Record<string, string>,
): boolean {
  if (scenario.operation !== undefined && scenario.operation !== operation.id) return false;
  for (const [name, value] of Object.entries(scenario.params ?? {})) {
    if (params[name] !== value) return false;
  }
  return scenario.steps.every((step) => isDocumented(step, operation));
}

function targetOf({ operation, params = {} }: Scenario): string {
  return JSON.stringify([operation, Object.entries(params).sort()]);
}

function narrowness({ operation, params = {} }: Scenario): number {
  return Object.keys(params).length * 2 + (operation === undefined ? 0 : 1);
}
