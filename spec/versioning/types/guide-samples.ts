import { readFile } from 'node:fs/promises';
import type { Contract } from '../../src/model.ts';

const GUIDE = new URL('../../../docs/guides/client.md', import.meta.url);
/** Made up bodies and the generator's own names are not covered by the policy. */
const COVERED = /^(node:.*|@sql-sessions\/(client(\/core)?|contract(\/operations)?))$/;

let guide: Promise<string> | undefined;

/** The samples of the client's guide that call operations of a contract, and nothing but what a version promises. */
export async function guideSamples({ operations }: Contract): Promise<string[]> {
  guide ??= readFile(GUIDE, 'utf8');
  const samples = [...(await guide).matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return samples.filter(
    (code) =>
      operations.some(({ id }) => new RegExp(`\\b${id}\\b`).test(code)) &&
      [...code.matchAll(/ from '(.*?)'/g)].every(([, name = '']) => COVERED.test(name)),
  );
}
