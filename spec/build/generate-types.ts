import openapiTS, { astToString } from 'openapi-typescript';
import type { OpenApiDocument } from './openapi-document.ts';
import type { Operation } from './operation-table.ts';

/** The generator's own output is reachable as `/raw`; everything else has names of ours. */
export async function generateTypes(
  document: OpenApiDocument,
  operations: Operation[],
): Promise<{ raw: string; index: string; operations: string }> {
  const raw = astToString(await openapiTS(structuredClone(document) as never));
  const index = `import type { components } from './raw.js';

/** \`info.version\` of the contract: the version of this package. */
export declare const version: ${JSON.stringify(document.info.version)};

/** The operation table: what a client has to know to send each operation, one export per operation. */
export * as operations from './operations.js';

/** The component schemas of the contract, by their names in it. */
export type Schemas = components['schemas'];

/** Name of an operation: its \`operationId\` in the contract. */
export type OperationId = keyof Operations;

/** For each operation: what goes in, and the body of each documented status. */
export interface Operations {
${operations.map(printOperation).join('\n')}
}
`;
  return { raw, index, operations: printOperationTypes(operations) };
}

function printOperation(operation: Operation): string {
  const parameters = operation.parameters.map(
    ({ name, required, schemaName }) =>
      `${quote(name)}${required ? '' : '?'}: ${schemaType(schemaName)};`,
  );
  const responses = Object.entries({ ...operation.success, ...operation.errors }).map(
    ([status, name]) => `${status}: ${name === null ? 'undefined' : schemaType(name)};`,
  );
  return `  /** ${operation.summary.replaceAll('*/', '*\\/')}: \`${operation.method} ${operation.path}\` */
  ${operation.id}: {
    method: '${operation.method}';
    parameters: { ${parameters.join(' ')} };
    /** The request body the contract requires, if any. */
    body: ${operation.body === null ? 'undefined' : schemaType(operation.body)};
    responses: {
${responses.map((line) => `      ${line}`).join('\n')}
    };
  };`;
}

function printOperationTypes(operations: Operation[]): string {
  return `import type { OperationId } from './index.js';

/** A parameter of an operation and the limits that the contract sets for it. */
export interface OperationParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  /** The limits in words, for messages: "1 to 36 letters, digits or hyphens". */
  readonly rule: string;
  /** The limits as JSON Schema keywords (2020-12); lengths count Unicode code points. */
  readonly schema: {
    readonly type?: string | readonly string[];
    readonly enum?: readonly unknown[];
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly pattern?: string;
    readonly minimum?: number;
    readonly maximum?: number;
  };
}

/** One row of the operation table. */
export interface Operation<Id extends OperationId = OperationId> {
  /** The \`operationId\` in the contract. */
  readonly id: Id;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH';
  /** Path template with each parameter in braces. */
  readonly path: string;
  readonly parameters: readonly OperationParameter[];
  /** Name of the schema of the request body that the contract requires; null where it requires none. */
  readonly body: string | null;
  /** Documented statuses below 400, each with the name of the schema of its JSON body; null: no body. */
  readonly success: Readonly<Record<number, string | null>>;
  /** Documented statuses from 400, likewise. */
  readonly errors: Readonly<Record<number, string | null>>;
}

${operations.map(({ id }) => `export declare const ${id}: Operation<'${id}'>;`).join('\n')}
`;
}

function schemaType(name: string): string {
  return `Schemas[${JSON.stringify(name)}]`;
}

function quote(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
