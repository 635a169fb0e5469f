import { readersOf } from '../../src/model/operation-row.ts';
import { type Contract, followSchema, type Operation, type Schema } from '../../src/model.ts';
import { unusedNames } from '../unused-names.ts';

type Any = Schema | boolean;

/**
 * Code of the kind that callers have: it passes what the old contract takes to the new client, and does with the new
 * results what the old ones allow, by the rules of docs/versioning.md. It compiles, or the types have broken somebody.
 */
export function printProbe(before: Contract, after: Contract): string {
  const ids = new Set(after.operations.map(({ id }) => id));
  const old = before.operations.filter(({ id }) => ids.has(id));
  return [
    "import type { Operations as Old, Schemas as OldSchemas } from './old/index.d.ts';",
    "import type { CallArguments } from './old/client/client-types.ts';",
    "import type { Schemas } from './new/index.d.ts';",
    "import type { SessionsClient } from './new/client/client-types.ts';",
    `export const names: Partial<Record<keyof SessionsClient, string>> = { ${before.operations
      .map(({ id }) => `${JSON.stringify(id)}: ''`)
      .join(', ')} };`,
    ...old.flatMap((operation) => printOperation(before, operation)),
    ...byName(before, after),
    ...onlySent(before, after).flatMap((name) => [
      `export function read_${ident(name)}(value: Schemas[${JSON.stringify(name)}]) {`,
      ...readBody(before, { $ref: `#/components/schemas/${name}` }, 'value'),
      '}',
    ]),
  ].join('\n');
}

/** A name that callers import goes on meaning what it meant, where they send it or where they get it. */
function byName(before: Contract, after: Contract): string[] {
  const names = new Set(after.schemas.map(({ name }) => name));
  const notGot = new Set(
    unusedNames(
      before,
      before.operations.map(({ responses }) => responses),
    ),
  );
  const notSent = new Set(
    unusedNames(
      before,
      before.operations.map(({ parameters, requestBody }) => [parameters, requestBody]),
    ),
  );
  return before.schemas.flatMap(({ name, component }) => {
    if (!component || !names.has(name) || (notGot.has(name) && notSent.has(name))) return [];
    const [from, to] = notGot.has(name) ? ['OldSchemas', 'Schemas'] : ['Schemas', 'OldSchemas'];
    const key = JSON.stringify(name);
    return `export const named_${ident(name)} = (value: ${from}[${key}]): ${to}[${key}] => value;`;
  });
}

/** Schemas of what the service sends: code that receives it imports their types. */
function onlySent(before: Contract, after: Contract): string[] {
  const own = before.operations.map(({ callbacks: _, ...rest }) => rest);
  const names = new Set(after.schemas.map(({ name }) => name));
  return unusedNames(before, own).filter((name) => names.has(name));
}

function printOperation(contract: Contract, operation: Operation): string[] {
  const id = JSON.stringify(operation.id);
  const reads = operation.parameters.map(({ name }) => `args?.[${JSON.stringify(name)}];`);
  const responses = operation.responses.flatMap((response) => {
    const status = /^\d+$/.test(response.status)
      ? response.status
      : JSON.stringify(response.status);
    // HTTP gives some responses no body, whatever the contract says of it.
    const isRead = Object.keys(readersOf(contract, operation, response)).length > 0;
    const content = isRead ? response.content : [];
    const [media] = content;
    const isJson = content.length === 1 && /[/+]json$/.test(media?.mediaType ?? '');
    return [
      `    case ${status}: {`,
      ...(media
        ? [
            `      const whole: Old[${id}]['responses'][${status}] = result.body;`,
            '      void whole;',
          ]
        : []),
      ...response.headers.map(
        ({ name, required }) =>
          `      result.headers[${JSON.stringify(name.toLowerCase())}]${required ? '' : '?'}.length;`,
      ),
      ...(isJson && media ? readBody(contract, media.schema, 'result.body') : []),
      '      break;',
      '    }',
    ];
  });
  return [
    `export const fake_${ident(operation.id)}: Pick<SessionsClient, ${id}> = { ${id}: async (args?: any) => { ${reads.join(' ')} return undefined as never; } };`,
    `export async function call_${ident(operation.id)}(client: SessionsClient, args: CallArguments<${id}>) {`,
    `  const result = await client[${id}](args);`,
    '  switch (result.status) {',
    ...responses,
    '    default:',
    '      return result.httpStatus.toFixed();',
    '  }',
    '  return undefined;',
    '}',
  ];
}

function readBody(contract: Contract, schema: Schema | undefined, value: string): string[] {
  const lines: string[] = [];
  const seen = new Set<Schema>();
  const read = (schema: Any, at: string): void => {
    const one = typeof schema === 'object' ? followSchema(contract, schema) : {};
    if (seen.has(one) || at.length > 300) return;
    seen.add(one);
    const types = [one.type ?? []].flat().filter((type) => type !== 'null');
    if (types.length > 1) {
      for (const type of types) {
        const use = USES[type];
        if (use) lines.push(`if (typeof ${at} === '${use.type}') ${at}${use.read};`);
      }
    }
    const values = [...(one.enum ?? []), ...('const' in one ? [one.const] : [])];
    for (const value of values)
      if (typeof value === 'string') lines.push(`if (${at} === ${JSON.stringify(value)}) void 0;`);
    for (const [name, inner] of Object.entries(one.properties ?? {})) {
      const hidden = typeof inner === 'object' && followSchema(contract, inner).writeOnly === true;
      if (hidden || types.length > 1) continue;
      const field = `${at}[${JSON.stringify(name)}]!`;
      lines.push(`${field};`);
      read(inner, field);
    }
    if (
      typeof one.additionalProperties === 'object' &&
      one.properties === undefined &&
      types.length < 2
    )
      lines.push(`${at}['any'];`);
    if (typeof one.items === 'object' && one.prefixItems === undefined)
      read(one.items, `${at}[0]!`);
  };
  if (schema) read(schema, value);
  return lines.map((line) => `      ${line}`);
}

const USES: Record<string, { type: string; read: string }> = {
  string: { type: 'string', read: '.length' },
  number: { type: 'number', read: '.toFixed()' },
  integer: { type: 'number', read: '.toFixed()' },
  boolean: { type: 'boolean', read: '.valueOf()' },
};

function ident(id: string): string {
  return id.replaceAll(/\W/g, '_');
}
