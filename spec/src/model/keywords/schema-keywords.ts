import { all, aside, type Cells, PARTS, type Row, refuse, row, rows } from './verdicts.ts';

const prose = aside('client mock kit', 'It is text for readers.');
const shape = aside('client', 'The client does not look for it: the server checks it.');
const limit = aside('types', 'TypeScript has no word for it.');
const condition = aside(
  'types client',
  'TypeScript has no word for it: the type is wider, and the server checks the value.',
);
const encoded = aside(
  'types client mock kit',
  'It tells what is inside a text; validators do not look there.',
);
export const hint = aside('client mock kit', 'It is a hint; oneOf and const decide.');
const handled = aside('client mock kit', 'It concerns those who write code.');
const metaOnly = refuse(
  PARTS.join(' '),
  'Only schemas of schemas need it.',
  'Name the schema in components/schemas and refer to it there.',
);
const unnamed = (parts: string) =>
  refuse(
    parts,
    'Schemas are found by their place in the document.',
    'Name the schema in components/schemas and refer to it there.',
  );
const olderDraft = (instead: string): Cells =>
  refuse(PARTS.join(' '), 'It belongs to an older draft.', instead);

const readBy = aside(PARTS.join(' '), 'It says by which rules schemas are read.');

/** The one dialect of schemas, as `jsonSchemaDialect` and `$schema` name it. */
export const dialect = row(readBy, undefined, {
  'https://spec.openapis.org/oas/3.1/dialect/base': readBy,
  'https://json-schema.org/draft/2020-12/schema': readBy,
  '*': refuse(
    PARTS.join(' '),
    'Schemas are read by the rules of JSON Schema 2020-12.',
    'Leave it out.',
  ),
});

/** Every keyword of JSON Schema 2020-12, and those that OpenAPI 3.1 adds. */
export const schemaKeywords: Readonly<Record<string, Row>> = {
  $ref: row(all),
  $comment: row(aside(PARTS.join(' '), 'It is a note for editors.')),
  $schema: dialect,
  ...rows('$id $anchor', unnamed(PARTS.join(' '))),
  $defs: row(unnamed('types'), '{Schema}'),
  ...rows('$dynamicRef $dynamicAnchor $vocabulary $recursiveRef $recursiveAnchor', metaOnly),
  definitions: row(olderDraft('Use components/schemas.'), '{Schema}'),
  dependencies: row(olderDraft('Use dependentRequired or dependentSchemas.')),

  ...rows('title description', prose),
  default: row(aside('client kit', 'The server fills it in.')),
  deprecated: row(handled),
  ...rows('readOnly writeOnly', shape),
  ...rows('examples example', aside('types client diff', 'Examples are not rules.')),
  externalDocs: row(
    aside('types client mock kit diff', 'It is a link for readers.'),
    'ExternalDocs',
  ),

  ...rows('type const enum required', all),
  format: row(aside('types client', 'The server checks it.')),
  ...rows('maximum exclusiveMaximum minimum exclusiveMinimum', limit),
  ...rows('maxLength minLength pattern maxItems minItems', limit),
  ...rows('multipleOf uniqueItems maxProperties minProperties dependentRequired', condition),
  contains: row(condition, 'Schema'),
  ...rows('maxContains minContains', condition),

  properties: row(all, '{Schema}'),
  patternProperties: row(condition, '{Schema}'),
  additionalProperties: row(shape, 'Schema'),
  propertyNames: row(condition, 'Schema'),
  prefixItems: row(shape, '[Schema]'),
  items: row(all, 'Schema'),
  allOf: row(all, '[Schema]'),
  anyOf: row(all, '[Schema]'),
  oneOf: row(all, '[Schema]'),
  not: row(condition, 'Schema'),
  if: row(condition, 'Schema'),
  // biome-ignore lint/suspicious/noThenProperty: it is the keyword's name, and nobody awaits the table.
  then: row(condition, 'Schema'),
  else: row(condition, 'Schema'),
  dependentSchemas: row(condition, '{Schema}'),
  unevaluatedItems: row(condition, 'Schema'),
  unevaluatedProperties: row(condition, 'Schema'),

  ...rows('contentEncoding contentMediaType', encoded),
  contentSchema: row(encoded, 'Schema'),

  discriminator: row(hint, 'Discriminator'),
  xml: row(
    refuse(
      'types client mock reference kit',
      'A body of XML is a text, which nothing looks into.',
      'Leave it out, or use JSON.',
    ),
    'XML',
  ),
};
