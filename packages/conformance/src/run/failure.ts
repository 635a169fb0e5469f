import type { Exchange } from '../http/exchange.ts';
import type { Level } from '../http/level.ts';

export { LEVELS, type Level } from '../http/level.ts';

/** What a check found, with the smallest request that shows it. */
export class CheckFailure extends Error {
  override name = 'CheckFailure';
  readonly exchange: Exchange | undefined;
  /** Undefined: that of the check. */
  readonly level: Level | undefined;

  constructor(message: string, exchange?: Exchange, level?: Level) {
    super(message);
    this.exchange = exchange;
    this.level = level;
  }
}

/** Thrown by a check that could not be tried. Its message says what was missing. */
export class NotExercised extends Error {
  override name = 'NotExercised';
}
