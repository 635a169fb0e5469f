import { readFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { readContract, responseFor } from '@sql-sessions/contract/model';

/** The bundled contract, which everyone is given. */
export const contractFile = fileURLToPath(
  import.meta.resolve('@sql-sessions/contract/openapi.json'),
);

const { operations } = readContract(JSON.parse(readFileSync(contractFile, 'utf8')));
const found = operations.find(({ id }) => id === 'closeSession');
if (!found) throw new Error('The contract has no operation closeSession, which is measured here.');

/** The operation that everyone is measured with. */
export const operation = found;

/** The contract's example of a 404, as it goes over the wire. */
export const notFound = JSON.stringify(
  responseFor(operation, 404)?.content[0]?.examples[0]?.value ?? {},
);

export const OURS = 'ours';
export const TOKEN = 'a-token-of-usual-length-0123456789';
export const WORKSPACE = 'analytics';
export const SESSION = '0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21';

/** Where the operation is: with more than one each has a page of its own. */
export function placeIn(files: readonly string[]): string {
  const page = files
    .map((file) => file.replaceAll('\\', '/'))
    .find((file) => file.toLowerCase() === `operations/${operation.id.toLowerCase()}/index.html`);
  return page === undefined ? '' : `${dirname(page)}/`;
}
