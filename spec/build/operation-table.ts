import { describeRow, Encoder } from '../src/model/operation-row.ts';
import type { Contract } from '../src/model.ts';

/** The operation table as a module: one named export per operation, so that a bundler keeps only those that are used. */
export function printOperationTable(contract: Contract): string {
  const used = new Set<string>();
  const rows = contract.operations.map(
    (operation) =>
      `export const ${operation.id} = ${print(describeRow(contract, operation), used)};\n`,
  );
  const names = [...used].sort().map((name) => `${name} as ${local(name)}`);
  const imports =
    names.length === 0 ? '' : `import { ${names.join(', ')} } from './model/encoders.js';\n`;
  return imports + rows.join('');
}

/** The types of the module that {@link printOperationTable} prints. */
export function printOperationTypes(contract: Contract): string {
  return `import type { OperationId } from './index.js';
import type { OperationRow } from './model/operation-row.js';

export type { BodyRow, CredentialRow, ParameterRow, ReaderRow } from './model/operation-row.js';

/** One row of the operation table. */
export interface Operation<Id extends OperationId = OperationId> extends OperationRow {
  /** The \`operationId\` in the contract. */
  readonly id: Id;
}

${contract.operations.map(({ id }) => `export declare const ${id}: Operation<'${id}'>;`).join('\n')}
`;
}

/** JSON, with a call in the place of each encoder that a bundler may drop. */
function print(value: unknown, used: Set<string>): string {
  if (value instanceof Encoder) {
    used.add(value.name);
    const args = value.args.map((one) => print(one, used)).join(', ');
    return `/* @__PURE__ */ ${local(value.name)}(${args})`;
  }
  if (Array.isArray(value)) return `[${value.map((one) => print(one, used)).join(',')}]`;
  if (typeof value !== 'object' || !value) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : [`${printKey(key)}:${print(one, used)}`],
  );
  return `{${members.join(',')}}`;
}

/** In an object literal the key \`__proto__\` sets the prototype, unless it is computed. */
function printKey(key: string): string {
  return key === '__proto__' ? `["${key}"]` : JSON.stringify(key);
}

/** A name that no operation has: an \`operationId\` has no \`$\`. */
function local(name: string): string {
  return `$${name}`;
}
