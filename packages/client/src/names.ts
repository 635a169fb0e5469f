import { refuse } from './request-error.ts';

/**
 * Refuses a member whose name is not allowed, and says which name comes nearest.
 *
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
    const [nearest] = allowed
      .map((one) => ({ one, far: distance(name.toLowerCase(), one.toLowerCase()) }))
      .sort((a, b) => a.far - b.far);
    const meant =
      nearest && nearest.far <= Math.max(2, name.length / 3)
        ? `; did you mean ${nearest.one}?`
        : '.';
    refuse(`${of}unknown ${what} "${name}"${meant} Allowed: ${allowed.join(', ') || 'none'}`);
  }
}

/** Levenshtein's distance: insertions, deletions and replacements. */
function distance(from: string, to: string): number {
  let row = [...`${to} `].map((_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [index, other] of [...to].entries()) {
      const [diagonal = 0, above = 0] = row.slice(index);
      next.push(Math.min(above + 1, (next[index] ?? 0) + 1, diagonal + Number(letter !== other)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
