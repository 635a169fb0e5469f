import { compilePattern } from '../pattern.ts';
import { asList, asNode, type Node } from '../references.ts';
import type { Finding, Look, Rule } from './rules.ts';
import { PARTS, refuse } from './verdicts.ts';

const ANYONE = PARTS.join(' ');
/** Keywords that the type of a schema depends on. */
const TYPED =
  /^(type|const|enum|properties|required|additionalProperties|items|prefixItems|allOf|anyOf|oneOf)$/;

/** Lower and upper limits, and whether one value fits both where they are equal. */
const LIMITS: readonly [string, string, boolean][] = [
  ['minLength', 'maxLength', true],
  ['minItems', 'maxItems', true],
  ['minProperties', 'maxProperties', true],
  ['minContains', 'maxContains', true],
  ['minimum', 'maximum', true],
  ['minimum', 'exclusiveMaximum', false],
  ['exclusiveMinimum', 'maximum', false],
  ['exclusiveMinimum', 'exclusiveMaximum', false],
];

export const schemaRules: readonly Rule[] = [
  {
    kind: 'Schema',
    refuses: 'a keyword beside `$ref` in a schema that changes its type',
    cells: refuse(
      'types',
      'The types take the reference alone.',
      'Put the reference and the rest side by side into allOf.',
    ),
    *find(node) {
      if (node.$ref === undefined) return;
      for (const key of Object.keys(node).filter((each) => TYPED.test(each)))
        yield { keys: [key], what: `\`${key}\` beside a $ref` };
    },
  },
  {
    kind: 'Schema',
    refuses: 'a `pattern` that JavaScript cannot read as a regular expression',
    cells: refuse(ANYONE, 'Nothing is tested by it.', 'Write it as ECMA-262 has it.'),
    find: (node) => patternsOf(node, (pattern) => !compilePattern(pattern)),
  },
  {
    kind: 'Schema',
    refuses: 'a `pattern` that it reads without the flag `u` only',
    cells: refuse(
      'client',
      'JSON Schema reads it with that flag.',
      'Escape nothing that needs no escape.',
    ),
    find: (node) => patternsOf(node, (pattern) => compilePattern(pattern)?.unicode === false),
  },
  {
    kind: 'Schema',
    refuses: 'a lower limit above the upper one',
    cells: refuse(ANYONE, 'No value is valid.', 'Correct one of the two.'),
    *find(node) {
      for (const [low, high, inclusive] of LIMITS) {
        const [from, to] = [node[low], node[high]];
        if (typeof from !== 'number' || typeof to !== 'number') continue;
        if (from > to || (from === to && !inclusive))
          yield { keys: [low], what: `\`${low}: ${from}\` with \`${high}: ${to}\`` };
      }
    },
  },
  {
    kind: 'Schema',
    refuses: 'a schema that leads back to itself by `$ref`, `allOf`, `anyOf` and `oneOf` alone',
    cells: refuse(
      ANYONE,
      'It says nothing, and looking at a value by it never ends.',
      'Refer to it from a property or from `items`, or leave it out.',
    ),
    *find(node, look) {
      if (leadsBack(node, look)) yield { keys: [], what: 'a schema that leads back to itself' };
    },
  },
];

function leadsBack(node: Node, look: Look): boolean {
  const seen = new Set<Node>();
  const pending = [node];
  for (const { $ref, allOf, anyOf, oneOf } of pending) {
    const parts = [allOf, anyOf, oneOf].flatMap(asList);
    for (const part of [...parts, ...(typeof $ref === 'string' ? [{ $ref }] : [])].map(look.at)) {
      if (part === node) return true;
      if (!seen.has(part)) pending.push(part);
      seen.add(part);
    }
  }
  return false;
}

/** The patterns of a schema, of texts and of names, that are like that. */
function* patternsOf(node: Node, isLike: (pattern: string) => boolean): Generator<Finding> {
  const { pattern } = node;
  if (typeof pattern === 'string' && isLike(pattern))
    yield { keys: ['pattern'], what: `the pattern ${pattern}` };
  for (const name of Object.keys(asNode(node.patternProperties)))
    if (isLike(name)) yield { keys: ['patternProperties', name], what: `the pattern ${name}` };
}
