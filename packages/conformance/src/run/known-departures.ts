import { KitError } from '../kit-error.ts';

/** A place where a server is known not to keep the contract, accepted for a reason that the report shows. */
export interface KnownDeparture {
  /** Id of the check that fails. */
  readonly check: string;
  /** A part of the finding's message: a departure covers what it names, and nothing else that the check may find. */
  readonly finding: string;
  /** `operationId`; missing: every operation. */
  readonly operation?: string;
  /** What excuses it, for the reader of the report. */
  readonly reason: string;
}

/**
 * Reads a list of departures as it stands in a JSON file.
 * @param ids ids of all checks
 * @param operations ids of all operations
 * @throws {KitError} that names the entry that is wrong
 */
export function readKnownDepartures(
  value: unknown,
  where: string,
  ids: readonly string[],
  operations: readonly string[],
): KnownDeparture[] {
  if (!Array.isArray(value)) {
    throw new KitError(
      'input',
      `${where}: expected a list such as [{ "check": "…", "finding": "…", "reason": "…" }].`,
    );
  }
  return value.map((entry: unknown, index) => {
    const { check, finding, operation, reason } = (entry ?? {}) as Record<string, unknown>;
    const at = `${where}, entry ${index + 1}`;
    if (typeof check !== 'string' || !ids.includes(check)) {
      throw new KitError(
        'input',
        `${at}: unknown check ${JSON.stringify(check)}. --list shows their ids.`,
      );
    }
    for (const [name, text] of Object.entries({ finding, reason })) {
      if (typeof text === 'string' && text.trim() !== '') continue;
      const help =
        name === 'finding'
          ? 'Give a part of the message that the report shows.'
          : 'Say what excuses the departure.';
      throw new KitError('input', `${at} (${check}): "${name}" is missing. ${help}`);
    }
    if (operation !== undefined && !operations.includes(`${operation}`)) {
      throw new KitError(
        'input',
        `${at} (${check}): unknown operation ${JSON.stringify(operation)}. The contract has ${operations.join(', ')}.`,
      );
    }
    return {
      check,
      finding,
      reason,
      ...(operation !== undefined && { operation }),
    } as KnownDeparture;
  });
}
