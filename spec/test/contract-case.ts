import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Audience } from '../versioning/change.ts';
import type { Rating } from '../versioning/rating.ts';

export interface Patch {
  set?: Record<string, unknown>;
  remove?: string[];
  move?: Record<string, string>;
}

export interface ContractCase extends Patch {
  name: string;
  given?: Patch;
  verdict: Rating;
  affects: Audience[];
  reason: string;
  redocly?: Rating;
  oasdiff?: string;
}

const SPEC = new URL('../', import.meta.url);
const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

export async function readCases(): Promise<ContractCase[]> {
  return parse(await readFile(new URL('test/verdicts.yaml', SPEC), 'utf8'));
}

/** Writes the contract before and after the change of a case into `folder`, as JSON. */
export async function writeCase(
  folder: string,
  { given, ...change }: ContractCase,
): Promise<{ base: string; revision: string; documents: [object, object] }> {
  // A frozen contract, so that the cases stay what they are when the contract goes on.
  const before = parse(await readFile(new URL('releases/1.0.0.yaml', SPEC), 'utf8'));
  patch(before, given ?? {});
  const after = structuredClone(before);
  patch(after, change);
  const base = join(folder, 'base.json');
  const revision = join(folder, 'revision.json');
  await writeFile(base, JSON.stringify(before, null, 2));
  await writeFile(revision, JSON.stringify(after, null, 2));
  return { base, revision, documents: [before, after] };
}

export function patch(document: object, { move = {}, set = {}, remove = [] }: Patch): void {
  for (const [from, to] of Object.entries(move)) {
    const value = take(document, keys(from));
    put(document, keys(to), value);
  }
  for (const [at, value] of Object.entries(set)) put(document, keys(at), structuredClone(value));
  for (const at of remove) take(document, keys(at));
}

function keys(at: string): string[] {
  if (at.startsWith('paths/')) return ['paths', at.slice('paths/'.length)];
  const [first = '', ...rest] = at.split('/').map((key) => key.replaceAll('~1', '/'));
  if (first === 'path') return ['paths', PATH, ...rest];
  if (first === 'operation') return ['paths', PATH, 'delete', ...rest];
  if (first === 'schemas') return ['components', 'schemas', ...rest];
  return [first, ...rest];
}

function parentOf(
  document: object,
  path: string[],
): { parent: Record<string, unknown>; key: string } {
  const key = path.at(-1) ?? '';
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, name) => (node as never)?.[name], document);
  if (typeof parent !== 'object' || parent === null) throw new Error(`No ${path.join(' > ')}.`);
  return { parent: parent as Record<string, unknown>, key };
}

function put(document: object, path: string[], value: unknown): void {
  const { parent, key } = parentOf(document, path);
  parent[key] = value;
}

function take(document: object, path: string[]): unknown {
  const { parent, key } = parentOf(document, path);
  if (!(key in parent)) throw new Error(`No ${path.join(' > ')}.`);
  const value = parent[key];
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return value;
}
