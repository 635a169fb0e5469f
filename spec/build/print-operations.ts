import { bodyTypes, readersOf } from '../src/model/operation-row.ts';
import type {
  Contract,
  MediaType,
  Operation,
  Parameter,
  RequestBody,
  Response,
  Schema,
} from '../src/model.ts';
import { essenceOf, kindOfMediaType, nameOfSchema } from '../src/model.ts';
import { reachableSchemas } from './reachable-schemas.ts';
import { SUNSET } from './sunset.ts';

/** Whether a schema has fields that only requests or only responses hold. */
export function isMarked(contract: Contract, schema: Schema): boolean {
  return [...reachableSchemas(contract, schema)].some(
    (one) => one.schema.readOnly === true || one.schema.writeOnly === true,
  );
}

/**
 * The members of `Operations`. A schema that has a name in the contract is said by that name, all others by their place
 * in what the generator prints (imported as `raw`).
 */
export function printOperations(contract: Contract): { operations: string; binary: boolean } {
  let binary = false;
  const nameOf = (schema: Schema | undefined) => {
    const name = schema && Object.keys(schema).length === 1 ? nameOfSchema(schema) : undefined;
    return contract.schemas.some((one) => one.component && one.name === name) ? name : undefined;
  };
  const inRequest = (schema: Schema | undefined, place: string) => {
    const name = nameOf(schema);
    if (!schema || !isMarked(contract, schema))
      return name === undefined ? place : schemaType(name);
    return `Writable<${name === undefined ? place : `components['schemas'][${JSON.stringify(name)}]`}>`;
  };
  const inResponse = (schema: Schema | undefined, place: string) => {
    const name = nameOf(schema);
    if (name !== undefined) return schemaType(name);
    return schema && isMarked(contract, schema) ? `Readable<${place}>` : place;
  };

  const printParameter = (id: string, parameter: Parameter) => {
    const { in: place, name, required, mediaType, schema } = parameter;
    const group = `NonNullable<raw['${id}']['parameters']['${place}']>`;
    const own = `${group}[${JSON.stringify(name)}]`;
    const written = mediaType === undefined ? own : `NonNullable<${own}>`;
    return `${docs(parameter, '      ')}      ${quote(name)}${required ? '' : '?'}: ${inRequest(schema, written)};`;
  };

  const printBodies = (id: string, body: RequestBody) => {
    const types = bodyTypes(body).map((media) => {
      const { mediaType, schema } = media;
      const place = `NonNullable<raw['${id}']['requestBody']>['content'][${JSON.stringify(mediaType)}]`;
      const kind = kindOfMediaType(mediaType);
      if (kind === 'binary') binary = true;
      const type =
        kind === 'binary'
          ? 'Binary'
          : schema === undefined
            ? untyped(media)
            : inRequest(schema, place);
      return [mediaType, type] as const;
    });
    const [first] = types;
    const all = types.map(([mediaType, type]) => `${JSON.stringify(mediaType)}: ${type}`);
    return `    /** The request body${types.length > 1 ? `, as ${first?.[0]} unless the call says otherwise` : ''}. */
    body${body.required ? '' : '?'}: ${first?.[1] ?? 'never'};
${types.length > 1 ? `    /** The request body in each media type that is documented. */\n    bodies: { ${all.join('; ')} };\n` : ''}`;
  };

  const printResponse = (operation: Operation, response: Response) => {
    const { status, content } = response;
    const key = /^\d+$/.test(status) ? status : `'${status}'`;
    const readers = readersOf(contract, operation, response);
    const types = content.flatMap((media) => {
      const reader = readers[essenceOf(media.mediaType)];
      if (reader === undefined) return [];
      if (reader.as === 'binary') return ['Uint8Array'];
      const place = `raw['${operation.id}']['responses'][${key}]['content'][${JSON.stringify(media.mediaType)}]`;
      return [media.schema === undefined ? untyped(media) : inResponse(media.schema, place)];
    });
    return `      ${key}: ${[...new Set(types)].join(' | ') || 'undefined'};`;
  };

  const printHeaders = ({ status, headers }: Response) => {
    if (headers.length === 0) return [];
    const members = headers.map(
      (header) =>
        `${docs(header, '        ')}        ${quote(header.name.toLowerCase())}${header.required ? '' : '?'}: string;\n`,
    );
    return [
      `      ${/^\d+$/.test(status) ? status : `'${status}'`}: {\n${members.join('')}      };\n`,
    ];
  };

  const operations = contract.operations.map((operation) => {
    const { id, method, path, summary, parameters, requestBody, responses } = operation;
    const members = parameters
      .filter((parameter) => parameter.in !== 'cookie')
      .map((parameter) => `${printParameter(id, parameter)}\n`);
    return `${docs({ ...operation, description: `${summary}: \`${method} ${path}\`` }, '  ')}  ${id}: {
    method: '${method}';
    path: ${JSON.stringify(path)};
    parameters: {${members.length > 0 ? `\n${members.join('')}    ` : ''}};
${requestBody && requestBody.content.length > 0 ? printBodies(id, requestBody) : '    body?: never;\n'}    responses: {
${responses.map((response) => printResponse(operation, response)).join('\n')}
    };
    /** Names in lower case; values are texts, as on the wire. */
    responseHeaders: {${responses
      .flatMap(printHeaders)
      .join('')
      .replace(/^(?=.)/s, '\n')
      .replace(/\n$/, '\n    ')}};
  };`;
  });
  return { operations: operations.join('\n'), binary };
}

/** A description, in short, and what is deprecated as such, so that editors strike it through. */
function docs(
  {
    description,
    deprecated,
    extensions,
  }: Pick<Operation, 'description' | 'deprecated'> & Partial<Pick<Operation, 'extensions'>>,
  indent: string,
): string {
  const day = extensions?.[SUNSET];
  const [first = ''] = description.trim().split('\n\n');
  const lines = [
    first.replace(/\s+/g, ' ').replaceAll('*/', '*\\/'),
    ...(deprecated
      ? [`@deprecated ${day === undefined ? 'The contract says so' : `It works until ${day}`}.`]
      : []),
  ].filter((line) => line !== '');
  if (lines.length === 0) return '';
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */\n`
    : `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

function untyped({ mediaType }: MediaType): string {
  const kind = kindOfMediaType(mediaType);
  if (kind === 'json') return 'unknown';
  return kind === 'urlencoded' || kind === 'multipart' ? 'Record<string, unknown>' : 'string';
}

function schemaType(name: string): string {
  return `Schemas[${JSON.stringify(name)}]`;
}

function quote(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
