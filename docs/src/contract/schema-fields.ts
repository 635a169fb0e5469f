import { nameOf, resolve } from '../../../spec/build/references.ts';
import type { OpenApiDocument, Schema } from './openapi-document.ts';

/** One row of a schema table. */
export interface Field {
  /** Dotted path from the top of the schema: `error.code`; `[]` stands for the items of a list. */
  path: string;
  name: string;
  depth: number;
  type: string;
  required: boolean;
  deprecated: boolean;
  limits: string[];
  description: string;
  /** Name of the component schema that the field refers to. */
  schemaName: string | null;
}

/** The fields of a schema in reading order, nested ones after their parent. References are followed once each. */
export function toFields(document: OpenApiDocument, schema: Schema): Field[] {
  return collect(document, schema, '', 0, []);
}

function collect(
  document: OpenApiDocument,
  node: Schema,
  prefix: string,
  depth: number,
  open: string[],
): Field[] {
  if (node.$ref !== undefined && open.includes(node.$ref)) return [];
  const trail = node.$ref === undefined ? open : [...open, node.$ref];
  const schema = resolveSchema(document, node);
  if (schema.items) return collect(document, schema.items, `${prefix}[]`, depth, trail);
  const parts = [schema, ...(schema.allOf ?? [])].map((part) => resolveSchema(document, part));
  const required = new Set(parts.flatMap((part) => part.required ?? []));
  return parts.flatMap((part) =>
    Object.entries(part.properties ?? {}).flatMap(([name, property]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      const target = resolveSchema(document, property);
      return [
        {
          path,
          name,
          depth,
          type: typeOf(document, property),
          required: required.has(name),
          deprecated: target.deprecated === true,
          limits: limitsOf(target),
          description: property.description ?? target.description ?? '',
          schemaName: property.$ref === undefined ? null : nameOf({ $ref: property.$ref }),
        },
        ...collect(document, property, path, depth + 1, trail),
      ];
    }),
  );
}

/** The type in words: `string`, `integer or null`, `list of SessionId`. */
export function typeOf(document: OpenApiDocument, node: Schema): string {
  const schema = resolveSchema(document, node);
  if (schema.items) return `list of ${typeOf(document, schema.items)}`;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => typeOf(document, choice)).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any value'];
  return types.join(' or ');
}

/** What the schema demands beyond the type, one short phrase each. */
export function limitsOf(schema: Schema): string[] {
  const limits = [
    range(schema.minLength, schema.maxLength, 'character'),
    range(schema.minItems, schema.maxItems, 'item'),
    schema.minimum !== undefined && `at least ${schema.minimum}`,
    schema.exclusiveMinimum !== undefined && `more than ${schema.exclusiveMinimum}`,
    schema.maximum !== undefined && `at most ${schema.maximum}`,
    schema.exclusiveMaximum !== undefined && `less than ${schema.exclusiveMaximum}`,
    schema.format !== undefined && `format ${schema.format}`,
    schema.enum !== undefined &&
      `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`,
    schema.pattern !== undefined && `matches ${schema.pattern}`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
    schema.maxProperties === 0 && 'no members',
  ];
  return limits.filter((limit) => typeof limit === 'string');
}

function range(least: number | undefined, most: number | undefined, unit: string): string | false {
  const plural = (count: number) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (least !== undefined && most !== undefined)
    return least === most ? `exactly ${plural(most)}` : `${least} to ${plural(most)}`;
  if (least !== undefined) return `at least ${plural(least)}`;
  return most !== undefined && `at most ${plural(most)}`;
}

function resolveSchema(document: OpenApiDocument, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : resolve<Schema>(document, { $ref: schema.$ref });
}
