export type { FaultKind } from './behavior/fault-kind.ts';
export type { After, ScenarioInput, Step, StepInput, Target } from './behavior/scenario.ts';
export type { Faults, Latency, SettingsInput } from './behavior/settings.ts';
export { ContractError } from './contract/contract-error.ts';
export type { ContractEvent } from './contract/live-contract.ts';
export { InputError } from './input-error.ts';
export type { Expectation, RequestFilter } from './record/filter-requests.ts';
export type { RecordedRequest } from './record/recorded-request.ts';
export { type Mock, type MockOptions, type MockSpace, startMock } from './start-mock.ts';
