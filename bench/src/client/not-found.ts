import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const contract = JSON.parse(
  readFileSync(fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json')), 'utf8'),
);

/** The contract's example of a 404, as it goes over the wire. */
export const notFound = JSON.stringify(contract.components.examples.NotFound.value);
