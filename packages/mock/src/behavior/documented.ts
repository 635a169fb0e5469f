import { type Operation, type Response, responseFor } from '@sql-sessions/contract/model';

/** So many names are listed in a message. */
const MOST = 20;

/** Names of the examples of a response, of all its media types. */
export function exampleNames({ content }: Response): string[] {
  const names = content.flatMap(({ examples }) => examples.map(({ name }) => name));
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Whether an operation documents a status, and an example of it. */
export function isDocumented(operation: Operation, status: number, example?: string): boolean {
  const response = responseFor(operation, status);
  return (
    response !== undefined && (example === undefined || exampleNames(response).includes(example))
  );
}

/** The status that an example belongs to; undefined where there is no such example or its status is a range. */
export function statusOfExample({ responses }: Operation, example: string): number | undefined {
  const found = responses.find((response) => exampleNames(response).includes(example));
  return found && /^\d{3}$/.test(found.status) ? Number(found.status) : undefined;
}

/** All that can be asked for, in words: `200, 404 (NotFound)`. */
export function listResponses({ responses }: Operation): string {
  return responses
    .map((response) => {
      const names = exampleNames(response);
      return names.length > 0 ? `${response.status} (${names.join(', ')})` : response.status;
    })
    .join(', ');
}

/** The names that there are, in words; of many, those that are most like what was given. */
export function listNames(all: readonly string[], given: string): string {
  const shown = all.length > MOST ? byLikeness(all, given).slice(0, MOST) : all;
  const more = all.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** The more pairs of neighboring letters a name shares with what was given, and the fewer others it has, the earlier. */
function byLikeness(all: readonly string[], given: string): string[] {
  const pairsOf = (text: string) => {
    const lower = text.toLowerCase();
    return new Set(Array.from(lower, (_, at) => lower.slice(at, at + 2)));
  };
  const wanted = pairsOf(given);
  const likeness = new Map(
    all.map((name) => {
      const pairs = pairsOf(name);
      return [name, [...pairs].filter((pair) => wanted.has(pair)).length / pairs.size];
    }),
  );
  return all.toSorted((a, b) => (likeness.get(b) ?? 0) - (likeness.get(a) ?? 0));
}
