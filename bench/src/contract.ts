import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The bundled contract, which everyone is given. */
export const contractFile = fileURLToPath(
  import.meta.resolve('@sql-sessions/contract/openapi.json'),
);

/** The contract's example of a 404, as it goes over the wire. */
export const notFound: string = JSON.stringify(
  JSON.parse(readFileSync(contractFile, 'utf8')).components.examples.NotFound.value,
);

export const OURS = 'ours';
export const TOKEN = 'a-token-of-usual-length-0123456789';
export const WORKSPACE = 'analytics';
export const SESSION = '0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21';
