import { readExamples } from '@sql-sessions/testing/examples';

/** What the examples of the live contract show. */
export const LIVE = readExamples(
  new URL(import.meta.resolve('@sql-sessions/contract/openapi.json')),
);
