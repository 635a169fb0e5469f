import {
  type Contract,
  describeLimits,
  kindOfMediaType,
  type MediaType,
  type Operation,
  type Parameter,
  type Schema,
  tellApart,
} from '@sql-sessions/contract/model';
import { sample } from 'openapi-sampler';
import type {
  FormBody,
  FormCredential,
  FormParameter,
  RequestForm,
} from '../request/request-form.ts';
import { type Flat, flatten } from './flatten.ts';

/** What a page needs to make a request of an operation, with the contract's examples filled in. */
export function toRequestForm(contract: Contract, operation: Operation): RequestForm {
  const { id, method, path, requestBody } = operation;
  const credentials = operation.security.map(({ schemes }) =>
    schemes.flatMap(({ scheme: { name: scheme, credential, httpScheme } }): FormCredential[] =>
      credential ? [{ scheme, ...credential, basic: httpScheme === 'basic' }] : [],
    ),
  );
  return {
    id,
    method,
    path,
    parameters: operation.parameters.map((parameter) => toParameter(contract, parameter)),
    bodies: (requestBody?.content ?? []).map((content) => toBody(contract, content)),
    bodyRequired: requestBody?.required === true,
    security: credentials.length > 0 ? credentials : [[]],
  };
}

function toParameter(contract: Contract, parameter: Parameter): FormParameter {
  const { name, in: place, required, style, explode, allowReserved, schema, mediaType } = parameter;
  const flat = flatten(contract, schema);
  const isJson =
    mediaType === undefined ? hasParts(contract, schema) : kindOfMediaType(mediaType) === 'json';
  const kind = isJson ? 'value' : 'text';
  const typed = (value: unknown) => (kind === 'text' ? String(value) : JSON.stringify(value));
  const types = [flat.type ?? []].flat();
  const value =
    parameter.examples.find((example) => example.value !== undefined)?.value ??
    (required ? sampleOf(contract, schema) : undefined);
  // Deprecated ones are for those who know them.
  const shown = value === undefined || (parameter.deprecated && !required) ? '' : value;
  const { minLength, maxLength, pattern } = flat;
  return {
    name,
    in: place,
    required,
    style,
    explode,
    allowReserved,
    mediaType,
    kind,
    options: types.join() === 'boolean' ? ['true', 'false'] : (flat.enum ?? []).map(typed),
    rule: describeLimits(flat),
    ...(types.join() === 'string' && {
      pattern,
      lengths: [minLength ?? 0, maxLength ?? 1e9] as const,
    }),
    example: shown === '' ? '' : typed(shown),
  };
}

/** Whether a value may be a list or an object, which is typed as JSON. */
function hasParts(contract: Contract, schema: Schema | boolean, depth = 0): boolean {
  const flat = flatten(contract, schema);
  const types = [flat.type ?? []].flat();
  if (types.length > 0) return types.some((type) => type === 'array' || type === 'object');
  const values = flat.const === undefined ? flat.enum : [flat.const];
  if (values) return values.some((value) => typeof value === 'object' && value !== null);
  const choices = [...flat.oneOfs, ...flat.anyOfs].flat();
  if (choices.length === 0 || depth > 8) return true;
  return choices.some((choice) => hasParts(contract, choice, depth + 1));
}

function toBody(contract: Contract, content: MediaType): FormBody {
  const { mediaType, schema = {}, encoding } = content;
  const flat = flatten(contract, schema);
  const kind = kindOfMediaType(mediaType);
  const example =
    content.examples.find(({ value }) => value !== undefined)?.value ?? sampleOf(contract, schema);
  const names = new Set([...Object.keys(encoding), ...Object.keys(flat.properties ?? {})]);
  const fields = [...names].map((name) => {
    const file = isFile(flatten(contract, flat.properties?.[name] ?? true));
    return [name, { ...encoding[name], headers: undefined, ...(file && { fileName: 'file' }) }];
  });
  const text = typeof example === 'string' && kind !== 'json';
  return {
    mediaType,
    kind,
    example: text ? example : JSON.stringify(example, null, 2),
    encoding: kind === 'urlencoded' || kind === 'multipart' ? Object.fromEntries(fields) : {},
  };
}

function isFile({ format, contentMediaType }: Flat): boolean {
  return format === 'binary' || contentMediaType !== undefined;
}

/** A value that a schema allows, where the contract gives no example; what would be too large to be read is cut. */
function sampleOf(contract: Contract, schema: Schema): unknown {
  let document = DOCUMENTS.get(contract);
  if (!document) {
    const schemas = Object.fromEntries(
      contract.schemas.map(({ name, schema }) => [name, tellApart(contract, schema, name)]),
    );
    document = cut(contract, { components: { schemas } });
    DOCUMENTS.set(contract, document);
  }
  const options = { skipReadOnly: true, skipNonRequired: true, quiet: true };
  try {
    return sample(cut(contract, schema), options, document) ?? '';
  } catch {
    // The sampler falls over fields that are called like methods of objects.
    return '';
  }
}

const DOCUMENTS = new WeakMap<Contract, object>();
/** How much of what a schema asks for is made up. */
const MOST: Readonly<Record<string, number>> = { minItems: 20, minProperties: 20, minLength: 500 };

function cut(contract: Contract, schemas: object): object {
  return JSON.parse(
    JSON.stringify(schemas, (key, value) => {
      if (typeof value === 'number' && value > (MOST[key] ?? Infinity)) return MOST[key];
      const told = value?.discriminator?.propertyName ? tellApart(contract, value) : value;
      return told?.properties ? withNeeded(told) : told;
    }),
  );
}

/** What an alternative requires and the whole describes is described by both: the sampler looks at one of them. */
function withNeeded(schema: Schema): object {
  const needed = (part: Schema | boolean) => {
    const { required = [], properties } = part as Schema;
    const names = Object.entries(schema.properties ?? {}).filter(([name]) =>
      required.includes(name),
    );
    return names.length === 0
      ? part
      : { ...(part as Schema), properties: { ...Object.fromEntries(names), ...properties } };
  };
  const parts = Object.entries({ ...schema }).filter(
    ([key, value]) => /^(all|any|one)Of$/.test(key) && Array.isArray(value),
  );
  return {
    ...schema,
    ...Object.fromEntries(parts.map(([key, list]) => [key, (list as Schema[]).map(needed)])),
  };
}
