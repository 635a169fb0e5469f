export { ContractError } from './contract/contract-error.ts';
export type {
  ContractModel,
  DocumentedAnswer,
  OperationModel,
  Secret,
} from './contract/contract-model.ts';
export type { ContractEvent } from './contract/live-contract.ts';
export { InputError } from './input-error.ts';
export type { FaultKind } from './play/fault-kind.ts';
export type { After, ScenarioInput, Step, StepInput } from './play/scenario.ts';
export type { Faults, Latency, SettingsInput } from './play/settings.ts';
export type { RecordedRequest } from './record/recorded-request.ts';
export { type Mock, type MockOptions, startMock } from './start-mock.ts';
