export type { Level } from './http/level.ts';
export { KitError, type KitErrorKind } from './kit-error.ts';
export { listChecks } from './list-checks.ts';
export type { CheckReport, Finding, Outcome, Report, StatusReport } from './report/report.ts';
export type { Har } from './report/to-har.ts';
export { toHtml } from './report/to-html.ts';
export { toJUnit } from './report/to-junit.ts';
export { toText } from './report/to-text.ts';
export type { KnownDeparture } from './run/known-departures.ts';
export {
  type CheckedOperation,
  defineSetup,
  type ForbiddenCall,
  type Setup,
  type SetupContext,
  type SetupFunction,
  type StuckSubject,
  type Subject,
} from './setup/setup.ts';
export { type Progress, type Verification, type VerifyOptions, verify } from './verify.ts';
