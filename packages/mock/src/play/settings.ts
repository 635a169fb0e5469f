import { InputError } from '../input-error.ts';
import { FAULT_KINDS, type FaultKind, isFaultKind } from './fault-kind.ts';

/** Milliseconds that an answer waits: each call draws a number from `min` to `max`, repeatably by `seed`. */
export interface Latency {
  readonly min: number;
  readonly max: number;
  readonly seed: number;
}

/** The share of calls (0 to 1) that get a fault instead of an answer, drawn repeatably by `seed`. */
export interface Faults {
  readonly rate: number;
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
}

export interface Settings {
  /** A session is open until it is closed; closing it again answers 404. */
  readonly stateful: boolean;
  /** 401 without a token. */
  readonly strictToken: boolean;
  readonly latency: Latency | null;
  readonly faults: Faults | null;
}

export interface SettingsInput {
  stateful?: boolean;
  strictToken?: boolean;
  /** A number of milliseconds, or a range. */
  latency?: number | { min: number; max: number; seed?: number } | null;
  faults?: { rate: number; kinds?: readonly FaultKind[]; seed?: number } | null;
}

export const DEFAULT_SETTINGS: Settings = {
  stateful: false,
  strictToken: false,
  latency: null,
  faults: null,
};

/** Longest latency in milliseconds: what is longer is a stall, which is a fault of its own. */
export const MAX_LATENCY = 60_000;

/**
 * Reads settings that a person or a program wrote; what is not mentioned stays as it is in `current`.
 * @throws {InputError} that says what is valid
 */
export function readSettings(input: unknown, current: Settings): Settings {
  if (!isRecord(input)) throw new InputError('Settings are an object, such as {"stateful":true}.');
  let next = current;
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    if (name === 'stateful' || name === 'strictToken') {
      if (typeof value !== 'boolean') throw new InputError(`${name} is true or false.`);
      next = { ...next, [name]: value };
    } else if (name === 'latency') next = { ...next, latency: readLatency(value) };
    else if (name === 'faults') next = { ...next, faults: readFaults(value) };
    else {
      throw new InputError(
        `There is no setting "${name}"; there is stateful, strictToken, latency and faults.`,
      );
    }
  }
  return next;
}

function readLatency(value: unknown): Latency | null {
  if (value === null || value === 0) return null;
  const {
    min,
    max,
    seed = 1,
    ...rest
  }: Record<string, unknown> = typeof value === 'number'
    ? { min: value, max: value }
    : isRecord(value)
      ? value
      : {};
  if (
    !isBetween(min, 0, MAX_LATENCY) ||
    !isBetween(max, min, MAX_LATENCY) ||
    !isSeed(seed) ||
    Object.keys(rest).length > 0
  ) {
    throw new InputError(
      `latency is a number of milliseconds up to ${MAX_LATENCY}, or {"min":100,"max":400} with a seed if it must repeat, or null.`,
    );
  }
  return { min, max, seed };
}

function readFaults(value: unknown): Faults | null {
  if (value === null) return null;
  const {
    rate,
    kinds = FAULT_KINDS,
    seed = 1,
    ...rest
  }: Record<string, unknown> = isRecord(value) ? value : {};
  if (
    !isBetween(rate, 0, 1) ||
    !Array.isArray(kinds) ||
    kinds.length === 0 ||
    !kinds.every(isFaultKind) ||
    !isSeed(seed) ||
    Object.keys(rest).length > 0
  ) {
    throw new InputError(
      `faults is {"rate":0.1} with a rate from 0 to 1, kinds of ${FAULT_KINDS.join(', ')}, and a seed if it must repeat, or null.`,
    );
  }
  return rate === 0 ? null : { rate, kinds, seed };
}

function isBetween(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function isSeed(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
