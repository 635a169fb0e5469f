import { type Contract, nameOfSchema, type Schema } from '@sql-sessions/contract/model';
import { type Flat, flatten, identityOf } from './flatten.ts';
import { factsOf, typeOf } from './schema-words.ts';

/** A schema, arranged the way the reference shows it. Descriptions are Markdown. */
export interface SchemaNode {
  /** The type in words: `string`, `list of Item`, `Cat or Dog`. */
  type: string;
  /** The named schema that it is. */
  name: string | undefined;
  title: string;
  description: string;
  deprecated: boolean;
  /** What it demands beyond the type, one short phrase each. */
  facts: string[];
  examples: readonly unknown[];
  externalDocs: { url: string; description: string } | undefined;
  /** Its fields and what else is nested in it. Empty where the schema is shown further up already. */
  fields: Field[];
  /** Alternatives and conditions: `One of`, `If`, `Must not be`. */
  choices: { label: string; options: { label: string; node: SchemaNode }[] }[];
}

export interface Field {
  name: string;
  /** Dotted path from the top of the schema: `error.code`; `[]` stands for the items of a list. */
  path: string;
  required: boolean;
  node: SchemaNode;
}

/** Named schemas inside named schemas are shown in place down to here, then linked. */
const DEEPEST = 3;

/**
 * The tree of a schema; it ends where a schema comes round to itself.
 * @param deepest how many named schemas inside one another are shown in place
 */
export function toTree(
  contract: Contract,
  schema: Schema | boolean,
  deepest = DEEPEST,
): SchemaNode {
  return grow(contract, schema, '', [], deepest);
}

function grow(
  contract: Contract,
  schema: Schema | boolean,
  path: string,
  open: readonly (string | Schema)[],
  deepest: number,
): SchemaNode {
  const flat = flatten(contract, schema);
  const name = typeof schema === 'boolean' ? undefined : nameOfSchema(schema);
  const node: SchemaNode = {
    type: typeOf(contract, schema),
    name,
    title: flat.title ?? '',
    description: [flat.title && `**${flat.title}.**`, flat.description].filter(Boolean).join(' '),
    deprecated: flat.deprecated === true,
    facts: factsOf(contract, flat),
    examples: [...(flat.examples ?? []), ...(flat.example === undefined ? [] : [flat.example])],
    externalDocs: flat.externalDocs as SchemaNode['externalDocs'],
    fields: [],
    choices: [],
  };
  const own = identityOf(schema);
  const most = name === undefined ? DEEPEST : deepest;
  if (own !== undefined && (open.includes(own) || open.length >= most)) {
    return typeof own === 'string' ? { ...node, name: own } : node;
  }
  const trail = own === undefined ? open : [...open, own];
  const inner = (part: Schema | boolean, at = path) => grow(contract, part, at, trail, deepest);
  node.fields = fieldsOf(flat, path, inner);
  node.choices = choicesOf(flat, inner);
  const { items, prefixItems } = flat;
  if (items === undefined || items === false || prefixItems) return node;
  // A list is shown by what it is a list of.
  const each = inner(items, `${path}[]`);
  node.facts.push(...each.facts.map((fact) => `each ${fact}`));
  if (node.description === '') node.description = each.description;
  else if (each.description !== '') node.description += `\n\nEach: ${each.description}`;
  node.fields.push(...each.fields);
  node.choices.push(...each.choices);
  return node;
}

type Grow = (schema: Schema | boolean, path?: string) => SchemaNode;

function fieldsOf(flat: Flat, path: string, inner: Grow): Field[] {
  const required = new Set(flat.required);
  const field = (name: string, schema: Schema | boolean, must = required.has(name)): Field => {
    const at = name.startsWith('[') ? path + name : path === '' ? name : `${path}.${name}`;
    return { name, path: at, required: must, node: inner(schema, at) };
  };
  const named = (schemas: Readonly<Record<string, Schema | boolean>> = {}) =>
    Object.entries(schemas).map(([name, schema]) => field(name, schema));
  const rest = (schema: Schema | boolean | undefined, name: string) =>
    typeof schema === 'object' ? [field(name, schema)] : [];
  return [
    ...named(flat.properties),
    ...Object.entries(flat.patternProperties ?? {}).map(([name, each]) => field(`/${name}/`, each)),
    ...rest(flat.additionalProperties, '*'),
    ...rest(flat.unevaluatedProperties as Schema | boolean | undefined, '*'),
    ...(flat.prefixItems ?? []).map((each, index) =>
      field(`[${index}]`, each, index < (flat.minItems ?? 0)),
    ),
    ...rest(flat.prefixItems && flat.items, '[…]'),
    ...rest(flat.unevaluatedItems as Schema | boolean | undefined, '[…]'),
    ...rest(flat.contentSchema as Schema | boolean | undefined, 'decoded'),
  ];
}

function choicesOf(flat: Flat, inner: Grow): SchemaNode['choices'] {
  const { propertyName: tag, mapping = {} } = flat.discriminator ?? {};
  const options = (list: readonly (Schema | boolean)[]) =>
    list.map((schema) => {
      const node = inner(schema);
      const values = Object.keys(mapping).filter((value) => mapping[value] === node.name);
      const label = node.name ?? (node.title || node.type);
      // It is the label already.
      if (label === node.title) node.description = node.description.slice(label.length + 5).trim();
      const where = values.length > 0 ? `, where ${tag} is ${values.join(' or ')}` : '';
      return { label: label + where, node };
    });
  const conditions = Object.entries(flat.dependentSchemas ?? {});
  return [
    ...flat.oneOfs.map((list) => ({
      label: 'One of',
      options: options(list),
    })),
    ...flat.anyOfs.map((list) => ({ label: 'Any of', options: options(list) })),
    ...flat.ifs.map((condition) => ({
      label: 'Depending on its content',
      options: (['if', 'then', 'else'] as const).flatMap((word) => {
        const part = condition[word];
        return part === undefined ? [] : [{ label: word, node: inner(part) }];
      }),
    })),
    ...conditions.map(([name, schema]) => ({
      label: `With ${name}`,
      options: [{ label: 'also', node: inner(schema) }],
    })),
    ...(flat.contains === undefined
      ? []
      : [{ label: 'Contains', options: options([flat.contains as Schema]) }]),
    ...flat.nots.map((schema) => ({ label: 'Must not be', options: options([schema]) })),
  ]
    .map(({ label, options }) => ({ label, options: options.filter(({ node }) => says(node)) }))
    .filter(({ options }) => options.length > 0);
}

function says({ type, fields, facts, choices, examples, description }: SchemaNode): boolean {
  const said = [fields, facts, choices, examples, description];
  return type !== 'any value' || said.some(({ length }) => length > 0);
}
