import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const specFolder = fileURLToPath(new URL('..', import.meta.url));

export const contractSource = readFileSync(new URL('../sessions.yaml', import.meta.url), 'utf8');

/** A document whose every corner the tests reach into, among them the corners a mutation has removed. */
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type LooseDocument = any;

/** A fresh copy of the contract as it is written, references unresolved: mutate it at will. */
export function parseContract(): LooseDocument {
  return parse(contractSource);
}

/** Replaces every local reference by what it points at, but those inside their own target. */
export function dereference(document: object): LooseDocument {
  const inline = (node: unknown, open: readonly string[]): unknown => {
    if (Array.isArray(node)) return node.map((item) => inline(item, open));
    if (typeof node !== 'object' || node === null) return node;
    if ('$ref' in node && typeof node.$ref === 'string') {
      if (open.includes(node.$ref)) return node;
      const path = node.$ref.slice(2).split('/');
      const target = path.reduce<unknown>((at, key) => (at as never)?.[key], document);
      return inline(target, [...open, node.$ref]);
    }
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, inline(value, open)]),
    );
  };
  return inline(document, []);
}
