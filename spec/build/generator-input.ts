import { walkDocument } from '../src/model/keywords/walk-document.ts';
import { asList, asNode, type Node, valueAt } from '../src/model/references.ts';
import type { Contract } from '../src/model.ts';

/** By these members `generate-types.ts` knows which members of a tuple may be missing, and what may follow. */
export const OPTIONAL = '(optional)';
export const REST = '(rest)';

/** A copy of the document in which each schema says what the generator would not see by itself. */
export function toGeneratorInput(document: object, contract: Contract): object {
  const copy = JSON.parse(JSON.stringify(document));
  const names = new Set(contract.schemas.map(({ name }) => name));
  const root = { file: '', pointer: '#', value: copy };
  const visits = walkDocument(root, (reference, { file }) => ({
    file,
    pointer: reference,
    value: valueAt(copy, reference, '#'),
  }));
  for (const { kind, node } of [...visits]) {
    // The generator would fetch examples that are elsewhere, and knows no names in a mapping.
    if (kind === 'Example') Object.assign(node, { externalValue: undefined });
    const mapping = Object.entries(asNode(kind === 'Discriminator' && node.mapping));
    if (mapping.length > 0) {
      const entries = mapping.map(([name, target]) => [
        name,
        names.has(`${target}`) ? `#/components/schemas/${target}` : target,
      ]);
      Object.assign(node, { mapping: Object.fromEntries(entries) });
    }
    if (kind !== 'Schema') continue;
    const properties = Object.values(asNode(node.properties));
    for (const property of properties)
      for (const mark of ['readOnly', 'writeOnly'])
        if (isMarkedAs(mark, property, copy)) Object.assign(property as object, { [mark]: true });
    Object.assign(node, membersOf(node, properties), tupleOf(node), compositionOf(node));
  }
  return copy;
}

/** Whether a schema says so itself, by a reference, or in one of the parts that all apply. */
function isMarkedAs(mark: string, schema: unknown, document: Node, seen = new Set()): boolean {
  const node = asNode(schema);
  if (seen.has(node)) return false;
  seen.add(node);
  const target = typeof node.$ref === 'string' ? [valueAt(document, node.$ref, '#')] : [];
  const parts = [...target, ...asList(node.allOf)];
  return node[mark] === true || parts.some((part) => isMarkedAs(mark, part, document, seen));
}

/** An object that says nothing of its members may have any; those without a name get a type that those with one fit. */
function membersOf(node: Node, properties: readonly unknown[]): Node {
  const { additionalProperties, patternProperties, allOf, anyOf, oneOf } = node;
  const patterns = Object.values(asNode(patternProperties));
  if (properties.length === 0) {
    const open =
      [node.type].flat().includes('object') &&
      (additionalProperties ?? allOf ?? anyOf ?? oneOf) === undefined &&
      node.unevaluatedProperties !== false &&
      node.maxProperties !== 0 &&
      patterns.length === 0;
    return open ? { additionalProperties: true } : {};
  }
  // A schema that says nothing leaves the object open, which the generator sees.
  const says = Object.keys(Object(additionalProperties)).length > 0;
  if (additionalProperties && !says) return {};
  const more = says ? [additionalProperties] : [];
  return patterns.length + more.length > 0
    ? { additionalProperties: { anyOf: [...more, ...properties] } }
    : {};
}

/**
 * The generator takes every member of a tuple for one that has to be there, and the tuple for closed. What `minItems` does
 * not ask for, and what may follow, get an alternative by which they are known.
 */
function tupleOf({ prefixItems, minItems = 0, maxItems = Infinity, ...more }: Node): Node {
  if (!Array.isArray(prefixItems)) return {};
  const mark = (member: unknown, as: string) => ({ oneOf: [member, { const: as }] });
  const members = prefixItems.map((member, index) =>
    index < Number(minItems) ? member : mark(member, OPTIONAL),
  );
  const rest = more.items ?? more.unevaluatedItems ?? true;
  if (rest !== false && Number(maxItems) > members.length) members.push(mark(rest, REST));
  return { prefixItems: members };
}

/** The generator takes `anyOf` for a choice between its alternatives and what stands beside it, where both apply. */
function compositionOf({ anyOf, oneOf, ...node }: Node): Node {
  const beside = ['type', 'properties', 'additionalProperties', 'patternProperties', 'allOf'];
  const alternatives = [anyOf && { anyOf }, oneOf && { oneOf }].filter(Boolean);
  const both = alternatives.length > 1 || beside.some((keyword) => node[keyword] !== undefined);
  if (alternatives.length === 0 || node.discriminator !== undefined || !both) return {};
  return { anyOf: undefined, oneOf: undefined, allOf: [...asList(node.allOf), ...alternatives] };
}
