import {
  type Contract,
  compilePattern,
  type Direction,
  hiddenFields,
  isSchemaKeyword,
  longestText,
  mapSubschemas,
  nameOfSchema,
  type Schema,
} from '@sql-sessions/contract/model';

/** A URI that no schema of a contract has. */
export const BASE = 'https://mock.invalid/contract';

/** What the format that stands for a `pattern` begins with. */
export const PATTERN = 'pattern ';

/** Formats of OpenAPI that say which integers a number may be, which is nothing that a validator of JSON Schema knows. */
const RANGES: Readonly<Record<string, Schema>> = {
  int32: { multipleOf: 1, minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  int64: { multipleOf: 1, minimum: -(2 ** 63), maximum: 2 ** 63 },
};

/**
 * A copy of a schema as it holds in one direction, for a validator: fields of the other direction are neither asked
 * for nor checked, references are absolute, what sets no rule is gone, and each `pattern` is
 * a format, so that it is for us to say how it is tested. Of `patternProperties`, what could take for ever is left out.
 * @param found is told of each pattern, and of the name of each schema that is referred to; and says whether items must
 * be different
 */
export function viewSchema(
  contract: Contract,
  schema: Schema,
  direction: Direction,
  found: {
    pattern(pattern: string): void;
    name(name: string): void;
    /** Whether items are compared with one another, asked for each value. */
    compares(): boolean;
    /** Whether names are tested by patterns, asked for each value. */
    testsNames(): boolean;
  },
): Schema {
  const change = (inner: Schema | boolean): Schema | boolean =>
    typeof inner === 'boolean' ? inner : visit(inner);
  const visit = (inner: Schema, outer: ReadonlySet<string> = new Set()): Schema => {
    const absent = new Set([...outer, ...hiddenFields(contract, inner, direction)]);
    const { pattern } = inner;
    const rules = Object.entries(inner).filter(([keyword]) => isRule(keyword));
    const copy: Record<string, unknown> = mapSubschemas(
      Object.fromEntries(rules),
      (one, keyword) =>
        keyword === 'allOf' && typeof one !== 'boolean' ? visit(one, absent) : change(one),
    );
    const name = nameOfSchema(inner);
    if (name !== undefined) {
      found.name(name);
      copy.$ref = BASE + inner.$ref;
    }
    if (pattern !== undefined) {
      found.pattern(pattern);
      copy.allOf = [...((copy.allOf as Schema[]) ?? []), { format: PATTERN + pattern }];
    }
    const range = RANGES[String(inner.format)];
    if (range) copy.allOf = [...((copy.allOf as Schema[]) ?? []), range];
    if (inner.patternProperties) {
      const fields = Object.entries(copy.patternProperties as object);
      // Of those that take as many steps as a name has characters, or the square of it, the value decides.
      const tested = fields.filter(
        ([name]) => longestText(name) > 1e3 && compilePattern(name)?.unicode,
      );
      const patterns = Object.fromEntries(tested);
      ask(copy, 'patternProperties', () => (found.testsNames() ? patterns : undefined));
      // What a pattern that is left out covers, nothing else may refuse.
      for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
        const rest = tested.length < fields.length ? undefined : copy[keyword];
        ask(copy, keyword, () => (found.testsNames() ? rest : undefined));
      }
    }
    if (inner.uniqueItems) ask(copy, 'uniqueItems', found.compares);
    if (absent.size > 0 && inner.required)
      copy.required = inner.required.filter((name) => !absent.has(name));
    if (inner.properties) {
      const fields = Object.entries(copy.properties as Record<string, Schema | boolean>);
      // What tells an alternative from the others comes first: what is not that one is not looked into.
      copy.properties = Object.fromEntries(
        fields
          .map(([name, field]) => [name, absent.has(name) || field] as const)
          .toSorted(([, left], [, right]) => Number(isFixed(right)) - Number(isFixed(left))),
      );
    }
    return copy;
  };
  return visit(schema);
}

/** Has a keyword say something for each value. */
function ask(schema: object, keyword: string, get: () => unknown): void {
  Object.defineProperty(schema, keyword, { enumerable: true, get });
}

/** Whether a keyword is for the validator; a pattern is told apart. */
function isRule(keyword: string): boolean {
  return isSchemaKeyword(keyword) && !/^(pattern|default|examples)$/.test(keyword);
}

function isFixed(field: Schema | boolean): boolean {
  return typeof field === 'object' && (field.const !== undefined || field.enum?.length === 1);
}
