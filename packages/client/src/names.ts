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
    const nearest = allowed.find((one) => distance(name, one) <= Math.max(2, name.length / 3));
    refuse(
      `${of}unknown ${what} "${name}"${nearest ? `; did you mean ${nearest}?` : '.'} Allowed: ${allowed.join(', ') || 'none'}`,
    );
  }
}

/** Levenshtein's distance, whatever the letter case: insertions, deletions and replacements. */
function distance(from: string, to: string): number {
  let row = [...`${to}.`].map((_, index) => index);
  for (const letter of from.toLowerCase()) {
    let last = (row[0] as number) + 1;
    const next = [last];
    for (const [index, other] of [...to.toLowerCase()].entries()) {
      const [diagonal = 0, above = 0] = row.slice(index);
      last = Math.min(above + 1, last + 1, diagonal + Number(letter !== other));
      next.push(last);
    }
    row = next;
  }
  return row.at(-1) as number;
}
