export interface Reference {
  $ref: string;
}

/** Follows local references (`#/…`) until there is something else; a bundle has no other kind. */
export function resolve<T extends object>(document: object, node: T | Reference): T {
  let current: unknown = node;
  while (isReference(current)) {
    current = current.$ref
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], document);
  }
  return current as T;
}

export function isReference(node: unknown): node is Reference {
  return typeof node === 'object' && node !== null && typeof (node as Reference).$ref === 'string';
}

/** The component name that a reference ends in: `Error` for `#/components/schemas/Error`. */
export function nameOf(reference: Reference): string {
  return reference.$ref.slice(reference.$ref.lastIndexOf('/') + 1);
}
