import type { Contract } from '@sql-sessions/contract/model';
import { InputError } from '../input-error.ts';
import { checkInput, show } from './check-input.ts';
import { listNames } from './documented.ts';
import { FAULT_KINDS, type FaultKind } from './fault-kind.ts';

/** Milliseconds that a response waits: each call draws a number from `min` to `max`, repeatably by `seed`. */
export interface Latency {
  readonly min: number;
  readonly max: number;
  readonly seed: number;
}

/** The share of calls (0 to 1) that get a fault instead of a response, drawn repeatably by `seed`. */
export interface Faults {
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
}

/** How the calls of one operation are treated. */
export interface OperationSettings {
  /** Instead of the latency of all calls. */
  readonly latency?: Latency;
  /** Where its responses come from when there is an upstream server. Default: `upstream` */
  readonly from?: 'mock' | 'upstream';
}

export interface Settings {
  /** What was deleted stays deleted: its path responds 404 and lists leave it out. */
  readonly stateful: boolean;
  /** 401 without a token. */
  readonly strictToken: boolean;
  /** Bodies are made up instead of taken from the examples. */
  readonly dynamic: boolean;
  /** Requests that break a rule of the contract are refused. */
  readonly validate: boolean;
  readonly latency: Latency | null;
  readonly faults: Faults | null;
  /** By `operationId`. */
  readonly operations: Readonly<Record<string, OperationSettings>>;
}

type LatencyInput = number | { min: number; max: number; seed?: number };

export interface SettingsInput {
  stateful?: boolean;
  strictToken?: boolean;
  dynamic?: boolean;
  validate?: boolean;
  /** A number of milliseconds up to 60000, or a range. */
  latency?: LatencyInput | null;
  faults?: { rate: number; kinds?: readonly FaultKind[]; seed?: number } | null;
  /** By `operationId`; `null` takes one away. */
  operations?: Record<string, { latency?: LatencyInput; from?: 'mock' | 'upstream' } | null>;
}

export const DEFAULT_SETTINGS: Settings = {
  stateful: false,
  strictToken: false,
  dynamic: false,
  validate: true,
  latency: null,
  faults: null,
  operations: {},
};

/**
 * Reads settings that a person or a program wrote; what is not mentioned stays as it is in `current`.
 * @throws {InputError} that says what is valid
 */
export function readSettings(input: unknown, current: Settings, contract?: Contract): Settings {
  checkInput('SettingsInput', input);
  const { latency, faults, operations, ...flags } = input as SettingsInput;
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return {
    ...current,
    ...Object.fromEntries(given),
    ...(latency !== undefined && { latency: readLatency(latency) }),
    ...(faults !== undefined && { faults: readFaults(faults) }),
    ...(operations && { operations: readOperations(operations, current, contract) }),
  };
}

function readLatency(latency: LatencyInput | null): Latency | null {
  if (latency === null || latency === 0) return null;
  if (typeof latency === 'number') return { min: latency, max: latency, seed: 1 };
  if (latency.min <= latency.max) return { seed: 1, ...latency };
  throw new InputError(
    `latency is ${show(latency)}; it must have a min of at most its max, in milliseconds.`,
  );
}

function readFaults(faults: NonNullable<SettingsInput['faults']> | null): Faults | null {
  return faults === null || faults.rate === 0 ? null : { kinds: FAULT_KINDS, seed: 1, ...faults };
}

function readOperations(
  input: NonNullable<SettingsInput['operations']>,
  current: Settings,
  contract: Contract | undefined,
): Settings['operations'] {
  const known = contract?.operations.map(({ id }) => id);
  const next = new Map(Object.entries(current.operations));
  for (const [id, one] of Object.entries(input)) {
    if (known && !known.includes(id)) {
      throw new InputError(`Unknown operation "${id}"; the contract has ${listNames(known, id)}.`);
    }
    if (one === null) next.delete(id);
    else {
      const { latency, ...rest } = one;
      const read = latency === undefined ? null : readLatency(latency);
      next.set(id, { ...rest, ...(read && { latency: read }) });
    }
  }
  return Object.fromEntries(next);
}
