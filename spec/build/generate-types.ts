import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import type { Contract } from '../src/model.ts';
import { OPTIONAL, REST, toGeneratorInput } from './generator-input.ts';
import { isMarked, printOperations } from './print-operations.ts';
import { extractRecursiveTypes } from './recursive-types.ts';

const MARKED = /"(readOnly|writeOnly)":true/;
const BINARY = 'Binary';

/** What `raw.d.ts` and `index.d.ts` say of bytes. They need the types of no runtime. */
const BINARY_TYPE = `/** Bytes to be sent: a \`Blob\` or a \`File\` of the platform, an \`ArrayBuffer\`, or a view of one. */
export type ${BINARY} =
  | ArrayBuffer
  | ArrayBufferView
  | { readonly size: number; readonly type: string; arrayBuffer(): Promise<ArrayBuffer> };`;

/** The two views of a schema, beside the generator's own, which make a list of a tuple and drop fields that are null. */
const VIEWS = `
type Field<T> = [NonNullable<T>] extends [never] ? undefined : NonNullable<T>;

/** What a response holds of a schema: all but its \`writeOnly\` fields. */
export type Readable<T> = T extends $Write<unknown>
  ? never
  : T extends $Read<infer U>
    ? Readable<U>
    : T extends readonly (infer U)[]
      ? U[] extends T ? Readable<U>[] : { [K in keyof T]: Readable<T[K]> }
      : T extends object
        ? { [K in keyof T as Field<T[K]> extends $Write<unknown> ? never : K]: Readable<T[K]> }
        : T;

/** What a request holds of a schema: all but its \`readOnly\` fields. */
export type Writable<T> = T extends $Read<unknown>
  ? never
  : T extends $Write<infer U>
    ? Writable<U>
    : T extends ${BINARY}
      ? T
      : T extends readonly (infer U)[]
        ? U[] extends T ? Writable<U>[] : { [K in keyof T]: Writable<T[K]> }
        : T extends object
          ? { [K in keyof T as Field<T[K]> extends $Read<unknown> ? never : K]: Writable<T[K]> }
          : T;
`;

/** The generator's own output is reachable as `/raw`; everything else has names of ours. */
export async function generateTypes(
  document: object,
  contract: Contract,
): Promise<{ raw: string; index: string }> {
  const source = JSON.stringify(toGeneratorInput(document, contract));
  const marked = MARKED.test(source);
  const ast = await openapiTS(JSON.parse(source), {
    // A default is what the service takes for a missing field. It does not put the field into a response.
    defaultNonNullable: false,
    readWriteMarkers: marked,
    transform: (schema) =>
      schema.format === 'binary' ? ts.factory.createTypeReferenceNode(BINARY) : undefined,
    postTransform: (type) => (ts.isTupleTypeNode(type) ? tupleOf(type) : undefined),
  });
  const aliases = extractRecursiveTypes(ast, contract);
  const printed = astToString(ast) + aliases;
  const raw = new RegExp(`\\b${BINARY};`).test(printed) ? `${BINARY_TYPE}\n${printed}` : printed;
  const { operations, binary } = printOperations(contract);
  const views = contract.schemas
    .filter(({ component, schema }) => component && isMarked(contract, schema))
    .map(({ name }) => JSON.stringify(name));
  const view = (name: string) => `  ${name}: Readable<components['schemas'][${name}]>;\n`;
  const schemas =
    views.length === 0
      ? "components['schemas']"
      : `Omit<components['schemas'], ${views.join(' | ')}> & {\n${views.map(view).join('')}}`;
  const schemes = contract.securitySchemes.map(({ name }) => JSON.stringify(name));
  const index = `import type { ${marked ? '$Read, $Write, ' : ''}components, operations as raw } from './raw.js';

/** \`info.version\` of the contract: the version of this package. */
export declare const version: ${JSON.stringify(contract.info.version)};

/** The operation table: what a client has to know to send each operation, one export per operation. */
export * as operations from './operations.js';

/** The component schemas of the contract, by their names in it${views.length > 0 ? ', as responses hold them' : ''}. */
export type Schemas = ${schemas};
${marked || binary ? `\n${BINARY_TYPE}\n` : ''}${marked ? VIEWS : ''}
/** Name of an operation: its \`operationId\` in the contract. */
export type OperationId = keyof Operations;

/** Name of a security scheme of the contract. */
export type SecuritySchemeName = ${schemes.join(' | ') || 'never'};

/** For each operation: what goes in, and what comes back with each documented status. */
export interface Operations {
${operations}
}
`;
  return { raw, index };
}

function tupleOf({ elements }: ts.TupleTypeNode): ts.TypeNode {
  const members = elements.map((element) => {
    if (!ts.isUnionTypeNode(element)) return element;
    const marked = (as: string) =>
      element.types.some((one) => ts.isIdentifier(one) && one.text === JSON.stringify(as));
    if (!marked(OPTIONAL) && !marked(REST)) return element;
    const type = ts.factory.createParenthesizedType(
      ts.factory.createUnionTypeNode(element.types.slice(0, -1)),
    );
    return marked(REST)
      ? ts.factory.createRestTypeNode(ts.factory.createArrayTypeNode(type))
      : ts.factory.createOptionalTypeNode(type);
  });
  return ts.factory.createTupleTypeNode(members);
}
