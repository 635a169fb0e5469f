interface Reference {
  $ref: string;
}

export function isReference(node: unknown): node is Reference {
  return typeof node === 'object' && node !== null && '$ref' in node;
}

/** JSON pointer (RFC 6901) from its unescaped steps. */
export function pointer(...steps: string[]): string {
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Follows local references until there is none; says where the value stands in the document. */
export function resolve(
  document: unknown,
  node: unknown,
  at: string,
): { value: unknown; pointer: string } {
  let value = node;
  let where = at;
  for (let steps = 0; isReference(value); steps++) {
    const { $ref } = value;
    if (!$ref.startsWith('#/') || steps > 20) {
      throw new Error(
        `Cannot follow the reference ${$ref}: give a bundled document whose references start with #/ and do not go in circles.`,
      );
    }
    where = $ref.slice(1);
    value = where
      .slice(1)
      .split('/')
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(
        (parent, step) => (parent as Record<string, unknown> | undefined)?.[step],
        document,
      );
    if (value === undefined) throw new Error(`The reference ${$ref} points at nothing.`);
  }
  return { value, pointer: where };
}
