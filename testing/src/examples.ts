import { readFileSync } from 'node:fs';

/** Names of the examples that the live contract has for its errors, by status. */
export const ERROR_EXAMPLES = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'RequestTimeout',
  500: 'InternalServerError',
} as const;

/** What the examples of a contract show by now, by their names. @param file its `openapi.json` */
export function readExamples(file: string | URL): Record<string, Record<string, unknown>> {
  const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
    components: { examples: Record<string, { value: Record<string, unknown> }> };
  };
  return Object.fromEntries(
    Object.entries(components.examples).map(([name, { value }]) => [name, value]),
  );
}
