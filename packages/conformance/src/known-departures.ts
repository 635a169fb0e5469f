import { allChecks } from './checks/all-checks.ts';
import { KitError } from './kit-error.ts';

/** A place where a server is known not to keep the contract, accepted for a reason that the report shows. */
export interface KnownDeparture {
  /** Id of the check that fails. */
  readonly check: string;
  /** `operationId`; missing: every operation. */
  readonly operation?: string;
  /** Why it is accepted, for the reader of the report. */
  readonly reason: string;
}

/** Reads a list of departures as it stands in a JSON file. Throws a `KitError` that names the entry that is wrong. */
export function readKnownDepartures(value: unknown, where: string): KnownDeparture[] {
  if (!Array.isArray(value)) {
    throw new KitError(
      'input',
      `${where}: expected a list such as [{ "check": "…", "reason": "…" }].`,
    );
  }
  return value.map((entry: unknown, index) => {
    const { check, operation, reason } = (entry ?? {}) as Record<string, unknown>;
    const at = `${where}, entry ${index + 1}`;
    if (typeof check !== 'string' || !allChecks.some(({ id }) => id === check)) {
      throw new KitError(
        'input',
        `${at}: ${JSON.stringify(check)} is no check. --list shows their ids.`,
      );
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new KitError(
        'input',
        `${at} (${check}): "reason" is missing. Say why the departure is accepted.`,
      );
    }
    if (operation !== undefined && typeof operation !== 'string') {
      throw new KitError('input', `${at} (${check}): "operation" must be an operationId.`);
    }
    return operation === undefined ? { check, reason } : { check, operation, reason };
  });
}
