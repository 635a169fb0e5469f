import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

/**
 * Contracts that packages are tested on, instead of the live one:
 *
 * - `family`: operations that a service of SQL sessions has next; can be put together with the live contract,
 * - `warehouses`: operations unlike those (no token, basic authentication, ranges, a default response, problem documents),
 * - `uploads`: operations that come first (HEAD, no parameters), parts, texts, redirects, bearer tokens, a webhook,
 * - `everything`: each keyword that all parts support,
 * - `foreign`: what only mock, conformance kit and reference support.
 */
export type FixtureName = 'family' | 'warehouses' | 'uploads' | 'everything' | 'foreign';

/** A bundled OpenAPI 3.1 document: a plain JSON value in which every reference is local. */
export interface FixtureDocument {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, Record<string, unknown>>;
  [field: string]: unknown;
}

/** Path of the fixture's YAML file, which is whole: it refers to no other file. */
export function fixturePath(name: FixtureName): string {
  return fileURLToPath(new URL(`../contracts/${name}.yaml`, import.meta.url));
}

/** The fixture's document; each call gives another copy, so a test may change it. */
export function readFixture(name: FixtureName): FixtureDocument {
  return parse(readFileSync(fixturePath(name), 'utf8'));
}

/**
 * The same contract to a machine, another one to a test that knows it by heart: paths in reverse order, every
 * `operationId` (`createItem` to `doCreateItem`) and every schema (`Item` to `RenamedItem`) under another name.
 */
export function readRenamedFixture(name: FixtureName): FixtureDocument {
  const document = renameIn(readFixture(name)) as FixtureDocument;
  const { schemas = {} } = document.components;
  return {
    ...document,
    paths: Object.fromEntries(Object.entries(document.paths).reverse()),
    components: {
      ...document.components,
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([schema, content]) => [`Renamed${schema}`, content]),
      ),
    },
  };
}

/** Writes a document as YAML to `sessions.yaml` in `folder` and returns the path of the file. */
export async function writeContract(folder: string, document: object): Promise<string> {
  const path = join(folder, 'sessions.yaml');
  await writeFile(path, stringify(document, { aliasDuplicateObjects: false }));
  return path;
}

/** Renames operations and references to schemas; values of examples have neither. */
function renameIn(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(renameIn);
  if (typeof node === 'string') return node.replace(/^(#\/components\/schemas\/)/, '$1Renamed');
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'operationId' && typeof value === 'string' ? renameOperation(value) : renameIn(value),
    ]),
  );
}

function renameOperation(id: string): string {
  return `do${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}
