import type { JsonSchema, OpenApiDocument } from './openapi-document.ts';

const COMPONENT = '#/components/schemas/';

/**
 * Each component schema as a JSON Schema (2020-12) that stands alone: what it refers to travels with it
 * in `$defs`, so any validator can compile the one file.
 */
export function toJsonSchemas(document: OpenApiDocument): Map<string, JsonSchema> {
  const schemas = document.components.schemas ?? {};
  return new Map(
    Object.entries(schemas).map(([name, schema]) => {
      const used = new Set<string>();
      const own = localise(schema, used);
      const pending = [...used];
      const $defs: Record<string, unknown> = {};
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        if (next in $defs) continue;
        const nested = new Set<string>();
        $defs[next] = localise(schemas[next], nested);
        pending.push(...nested);
      }
      return [
        name,
        {
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          title: name,
          ...(own as JsonSchema),
          ...(Object.keys($defs).length > 0 && { $defs }),
        },
      ];
    }),
  );
}

function localise(node: unknown, used: Set<string>): unknown {
  if (Array.isArray(node)) return node.map((item) => localise(item, used));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key !== '$ref' || typeof value !== 'string' || !value.startsWith(COMPONENT)) {
        return [key, localise(value, used)];
      }
      const name = value.slice(COMPONENT.length);
      used.add(name);
      return [key, `#/$defs/${name}`];
    }),
  );
}
