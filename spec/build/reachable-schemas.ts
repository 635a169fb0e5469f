import { type Contract, mapSubschemas, nameOfSchema, type Schema } from '../src/model.ts';

/** The schema, what is written inside it, and all that they refer to. */
export function* reachableSchemas(
  { schemas }: Contract,
  schema: Schema,
): Generator<{ schema: Schema; name: string | undefined }> {
  const seen = new Set<string>();
  const pending = [schema];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const name = nameOfSchema(next);
    yield { schema: next, name };
    mapSubschemas(next, (inner) => {
      if (typeof inner === 'object') pending.push(inner);
      return inner;
    });
    if (name === undefined || seen.has(name)) continue;
    seen.add(name);
    pending.push(schemas.find((one) => one.name === name)?.schema ?? {});
  }
}
