import { createConfig, getLineColLocation, lint } from '@redocly/openapi-core';
import { ContractError } from './contract-error.ts';

/**
 * Checks that a file is a sound OpenAPI document: it parses, its structure is the one of its version, and every
 * reference leads somewhere. Matters of style are not looked at.
 * @throws {ContractError} with the first problem and its line
 */
export async function checkDocument(file: string): Promise<void> {
  const config = await createConfig({
    rules: { struct: 'error', 'no-unresolved-refs': 'error' },
  });
  const problems = await lint({ ref: file, config }).catch((error: Error) => {
    throw new ContractError(`${file}: ${error.message.split('\n')[0]}`, [file]);
  });
  const problem = problems.find(({ severity }) => severity === 'error');
  if (!problem) return;
  const [location] = problem.location;
  const at = location ? getLineColLocation(location) : undefined;
  const where = at ? `${at.source.absoluteRef}:${at.start.line}:${at.start.col}` : file;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new ContractError(`${where}: ${problem.message.replace(/\s+/g, ' ')}${more}`, [
    ...new Set([file, ...problems.flatMap(filesOf)]),
  ]);
}

function filesOf({ location }: { location: { source: { absoluteRef: string } }[] }): string[] {
  return location.map(({ source }) => source.absoluteRef);
}
