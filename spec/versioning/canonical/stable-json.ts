/** JSON whose text is the same for the same value: keys are sorted. */
export function stableJson(value: unknown): string {
  return (
    JSON.stringify(value, (_, node) =>
      typeof node === 'object' && node !== null && !Array.isArray(node)
        ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
        : node,
    ) ?? 'undefined'
  );
}
