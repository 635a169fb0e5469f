import type { CallLimits } from './client-types.ts';
import { NoAnswerError } from './no-answer-error.ts';

type Limits = { readonly [Name in keyof CallLimits]-?: number };

const DEFAULTS: Limits = { timeout: 60_000, deadline: 180_000, maxAttempts: 3 };

/** Fills in what is not given, and refuses what is not a positive number (`maxAttempts`: a whole one). */
export function checkLimits(given: CallLimits, defaults: Limits = DEFAULTS): Limits {
  const limits: Record<keyof Limits, number> = { ...defaults };
  for (const name of Object.keys(limits) as (keyof Limits)[]) {
    const value = given[name] ?? limits[name];
    if (typeof value !== 'number' || !(value > 0) || (name === 'maxAttempts' && value % 1 !== 0)) {
      throw new NoAnswerError('invalid-argument', `${name} must be a positive number.`);
    }
    limits[name] = value;
  }
  return limits;
}
