/** The extension that says until which day, UTC, a deprecated operation works: what its `Sunset` header says as well. */
export const SUNSET = 'x-sunset';

/** Whether a value is a day that there is, as `2027-06-01`. */
export function isDay(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\d$/.test(value) &&
    new Date(value).toJSON()?.startsWith(value) === true
  );
}
