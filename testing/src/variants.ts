/** Values of every kind, each wrong for most schemas. */
const WRONG: readonly unknown[] = [
  null,
  true,
  '',
  'x',
  'abcDEF-1',
  -1,
  0.5,
  7,
  1e9,
  [],
  ['a', 'a', 'a'],
  [1],
  {},
  { extra: 1 },
  'x'.repeat(300),
];

/**
 * The value, and the value with each of its parts left out or replaced by each of the wrong ones.
 * @param deepest how many levels down parts are changed
 * @param more what else is tried of each object
 */
export function* variants(
  value: unknown,
  deepest: number,
  more: (object: object) => Iterable<unknown> = () => [],
): Generator<unknown> {
  yield value;
  yield* WRONG;
  if (typeof value !== 'object' || value === null || deepest < 0) return;
  if (!Array.isArray(value)) yield* more(value);
  for (const [key, inner] of Object.entries(value)) {
    const put = (other: unknown) =>
      Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
    const { [key]: _gone, ...rest } = value as Record<string, unknown>;
    if (!Array.isArray(value)) yield rest;
    for (const other of variants(inner, deepest - 1, more)) yield put(other);
  }
}
