/** A node of a parsed document, before anything is known about it. */
export type Node = Readonly<Record<string, unknown>>;

/** A node and the JSON pointer of the place where it is defined. */
export interface Place {
  readonly node: Node;
  readonly pointer: string;
}

/** The document asks for something that is not in it. */
export class BrokenReferenceError extends Error {
  override name = 'BrokenReferenceError';
}

export function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Node)
    : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The pointer of a child: `childOf('#/paths', '/v1/a')` is `#/paths/~1v1~1a`. */
export function childOf(pointer: string, ...keys: (string | number)[]): string {
  return [pointer, ...keys.map((key) => `${key}`.replaceAll('~', '~0').replaceAll('/', '~1'))].join(
    '/',
  );
}

/** The keys that a local reference leads through. */
export function keysOf(reference: string): string[] {
  return reference
    .split('/')
    .slice(1)
    .map((key) => decode(key).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Follows local references (`#/…`) until there is something else. A `summary` and a `description` beside a reference
 * replace those of what it leads to (OpenAPI 3.1, Reference Object).
 * @throws {BrokenReferenceError} for a reference that leads nowhere, in a circle, or out of the document
 */
export function resolve(document: Node, value: unknown, pointer: string): Place {
  let place: Place = { node: asNode(value), pointer };
  let beside: Record<string, unknown> = {};
  const seen = new Set<string>();
  while (typeof place.node.$ref === 'string') {
    const { $ref, summary, description } = place.node;
    if (seen.has($ref))
      throw new BrokenReferenceError(`${pointer}: the reference ${$ref} leads back to itself`);
    seen.add($ref);
    beside = {
      ...(summary !== undefined && { summary }),
      ...(description !== undefined && { description }),
      ...beside,
    };
    place = { node: asNode(valueAt(document, $ref, pointer)), pointer: canonical($ref) };
  }
  return { ...place, node: { ...place.node, ...beside } };
}

/** What a local reference leads to. */
export function valueAt(document: Node, reference: string, from: string): unknown {
  if (reference === '#') return document;
  const found = reference.startsWith('#/')
    ? keysOf(reference).reduce<unknown>(
        (at, key) =>
          typeof at === 'object' && at !== null && Object.hasOwn(at, key)
            ? (at as Record<string, unknown>)[key]
            : undefined,
        document,
      )
    : undefined;
  if (found === undefined) {
    throw new BrokenReferenceError(
      reference.startsWith('#')
        ? `${from}: the reference ${reference} leads nowhere`
        : `${from}: the reference ${reference} leads out of the document; bundle it first`,
    );
  }
  return found;
}

/**
 * The part of a document that a pointer of the model leads to.
 * @throws {BrokenReferenceError} where there is no such part
 */
export function partAt(document: object, pointer: string): unknown {
  return valueAt(asNode(document), pointer, pointer);
}

/** One spelling for each place, whatever is escaped in the reference. */
export function canonical(reference: string): string {
  return childOf('#', ...keysOf(reference));
}

export function extensionsOf(node: Node): Record<`x-${string}`, unknown> {
  return Object.fromEntries(Object.entries(node).filter(([key]) => key.startsWith('x-')));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
