import {
  type Contract,
  type Operation,
  type Response,
  responseFor,
} from '@sql-sessions/contract/model';

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

/** The operations of a contract, in words; of many, the first. */
export function listOperations({ operations }: Contract): string {
  const shown = operations.slice(0, 20).map(({ method, path }) => `${method} ${path}`);
  const more = operations.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, and ${more} more` : '');
}
