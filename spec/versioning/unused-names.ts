import type { Contract } from '../src/model.ts';
import { stableJson } from './canonical/stable-json.ts';

/** Names of the component schemas that a part of the contract does not use, not even by way of others. */
export function unusedNames({ schemas }: Contract, part: unknown): string[] {
  const byName = new Map(schemas.map(({ name, schema }) => [name, schema]));
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, name = ''] of stableJson(value).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(byName.get(name));
    }
  };
  visit(part);
  return schemas
    .filter(({ name, component }) => component && !used.has(name))
    .map(({ name }) => name);
}
