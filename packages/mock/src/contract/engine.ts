import type { Answer } from '../door/problem.ts';

/** A request as the engine sees it. */
export interface EngineRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came; undefined where there was none. */
  readonly text: string | undefined;
}

/** Which of the documented answers is wanted. Nothing set: the one that the contract makes the usual one. */
export interface Choice {
  readonly code?: number;
  readonly exampleKey?: string;
  /** Made up from the schema instead of taken from the examples. */
  readonly dynamic?: boolean;
  readonly seed?: string;
}

export interface EngineAnswer extends Answer {
  /** Rules that the request broke, in words; empty where it broke none. */
  readonly violations: readonly string[];
  /** Set where the contract has no answer: what the engine calls the case. */
  readonly error?: string;
}

/** Decides what the contract answers. */
export interface Engine {
  answer(request: EngineRequest, choice: Choice): Promise<EngineAnswer>;
}
