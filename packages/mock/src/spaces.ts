import { Behavior, type ServedContract, type Upstream } from './behavior/behavior.ts';
import type { Settings } from './behavior/settings.ts';
import { Recorder } from './record/recorder.ts';

/** What one user of a mock has for itself: scenarios, settings, state and list of requests. */
export interface Space {
  /** Empty for the default space. */
  readonly name: string;
  readonly behavior: Behavior;
  readonly recorder: Recorder;
}

/** Most spaces beside the default one; the one that was not used for longest goes first. */
const LIMIT = 1_000;

/** What names of spaces look like; in a path, dots alone would be another folder. */
export const SPACE_NAME = /^(?!\.\.?$)[\w.-]{1,100}$/;

/** The spaces of a mock. One is made when it is first named, as the mock was started. */
export class Spaces {
  readonly default: Space;
  readonly #make: (name: string) => Space;
  readonly #named = new Map<string, Space>();

  constructor(
    served: () => ServedContract,
    settings: Settings,
    scenario: unknown,
    upstream: Upstream | undefined,
  ) {
    this.#make = (name) => ({
      name,
      behavior: new Behavior(served, settings, scenario, upstream),
      recorder: new Recorder(),
    });
    this.default = this.#make('');
  }

  get(name: string): Space {
    if (name === '') return this.default;
    const space = this.#named.get(name) ?? this.#make(name);
    this.#named.delete(name);
    this.#named.set(name, space);
    const [oldest] = this.#named.keys();
    if (this.#named.size > LIMIT && oldest !== undefined) this.#named.delete(oldest);
    return space;
  }

  /** Names of those that were used, beside the default one. */
  get names(): string[] {
    return [...this.#named.keys()];
  }
}
