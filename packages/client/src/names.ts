import { refuse } from './request-error.ts';

/**
 * Refuses a member whose name is not allowed, and says which name comes nearest.
 *
 * @param of what stands in front of the message
 * @param what the kind of name, for the message
 */
export function checkNames(
  given: object,
  allowed: readonly string[],
  of: string,
  what: string,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || allowed.includes(name)) continue;
    const nearest = allowed.find((one) => isNear(name, one));
    refuse(
      `${of}unknown ${what} "${name}"${nearest ? `; did you mean ${nearest}?` : '.'} Allowed: ${allowed.join(', ') || 'none'}`,
    );
  }
}

/** Whether most pairs of neighboring letters of a name occur in the other one, whatever the letter case. */
function isNear(given: string, name: string): boolean {
  const letters = [...name.toLowerCase()];
  const shared = letters.filter((letter, index) =>
    given.toLowerCase().includes(letter + (letters[index + 1] ?? '')),
  );
  return shared.length * 2 > letters.length;
}
