import { readFile, writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: tests reach into every corner of the document.
export type Loose = any;

/** Sets, renames or removes entries of a contract. */
export type ContractEdit = (contract: Loose) => void;

/** The YAML of a contract with an edit, which must change something. No layout is expected, and the result has its own. */
export function editYaml(text: string, edit: ContractEdit): string {
  const contract = parse(text);
  const before = stringify(contract, { lineWidth: 0 });
  edit(contract);
  const after = stringify(contract, { lineWidth: 0 });
  if (after === before) throw new Error(`The edit changes nothing: ${edit}`);
  return after;
}

/** The same in a file. */
export async function editYamlFile(file: string, edit: ContractEdit): Promise<void> {
  await writeFile(file, editYaml(await readFile(file, 'utf8'), edit));
}

/** The operations of a contract, by their names. */
export function operationsOf({ paths }: Loose): Record<string, Loose> {
  const fields = Object.values<Loose>(paths).flatMap((item) => Object.values<Loose>(item));
  const operations = fields.filter(({ operationId }) => operationId !== undefined);
  return Object.fromEntries(operations.map((operation) => [operation.operationId, operation]));
}

/** Gives the ids of workspaces another limit; one that is no number breaks the contract. */
export function limitIds(maxLength: number | string): ContractEdit {
  return ({ components }) => Object.assign(components.schemas.WorkspaceId, { maxLength });
}
