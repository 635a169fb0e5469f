import { type HttpHandler, http } from 'msw';
import { responseTable } from '#response-table';
import type { ScenarioInput } from '../behavior/scenario.ts';
import type { SettingsInput } from '../behavior/settings.ts';
import { createHandlers, type MockHandlersOptions } from './handlers.ts';
import type { ResponseTable } from './response-table.ts';

export type { FaultKind } from '../behavior/fault-kind.ts';
export type { After, ScenarioInput, Step, StepInput, Target } from '../behavior/scenario.ts';
export type { Faults, Latency, SettingsInput } from '../behavior/settings.ts';
export { InputError } from '../input-error.ts';
export type { MockHandlersOptions } from './handlers.ts';

export interface MockHandlers {
  /** For `setupServer(...handlers)` and `setupWorker(...handlers)`. */
  readonly handlers: HttpHandler[];
  /** As that of `startMock`. */
  scenario(input: ScenarioInput | null): void;
  /** As that of `startMock`. */
  settings(input: SettingsInput): void;
  /** As that of `startMock`. */
  reset(): void;
}

/**
 * Makes MSW handlers for the contract, with the same responses, examples and scenarios as the server.
 * Bodies that are made up (`Prefer: dynamic=true`) are the server's alone: here they are 501, marked by
 * `X-Mock-Error: not-in-msw`.
 * @throws {InputError} where an option is not valid
 */
export function createMockHandlers(options: MockHandlersOptions = {}): MockHandlers {
  const { routes, ...controls } = createHandlers(responseTable as ResponseTable, options);
  return {
    ...controls,
    handlers: routes.map(({ path, respond }) => http.all(path, ({ request }) => respond(request))),
  };
}
