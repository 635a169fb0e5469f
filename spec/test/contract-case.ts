import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath } from '@sql-sessions/testing/contracts';
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
  /** The contract that is changed: the frozen one, that of verdicts-statements.yaml, or a fixture. */
  on: keyof typeof TEXTS;
  given?: Patch;
  /** Replacements in the text of the YAML. */
  text?: [string, string][];
  verdict: Rating;
  affects: Audience[];
  reason: string;
  redocly?: Rating;
  oasdiff?: string;
}

const SPEC = new URL('../', import.meta.url);
const SESSIONS = '/v1/workspaces/{workspace_id}/sessions/{session_id}';
const STATEMENTS = '/v1/workspaces/{workspace_id}/statements';
const SHORT: Record<string, string[]> = {
  path: ['paths', SESSIONS],
  operation: ['paths', SESSIONS, 'delete'],
  get: ['paths', STATEMENTS, 'get'],
  post: ['paths', STATEMENTS, 'post'],
  delete: ['paths', `${STATEMENTS}/{statement_id}`, 'delete'],
  schemas: ['components', 'schemas'],
};

const read = (file: string) => readFile(new URL(file, SPEC), 'utf8');
const [, statements = '', more = ''] = /^([\s\S]*?)\n---\n([\s\S]*)$/.exec(
  await read('test/verdicts-statements.yaml'),
) ?? [''];
const TEXTS = {
  // A frozen contract, so that the cases stay what they are when the contract goes on.
  sessions: await read('releases/1.0.0.yaml'),
  statements,
  family: await readFile(fixturePath('family'), 'utf8'),
  everything: await readFile(fixturePath('everything'), 'utf8'),
  warehouses: await readFile(fixturePath('warehouses'), 'utf8'),
  uploads: await readFile(fixturePath('uploads'), 'utf8'),
};

const MORE = ['last', 'calls', 'forty-1', 'forty-2', 'forty-3', 'forty-4', 'forty-5', 'shapes'];

export async function readCases(): Promise<ContractCase[]> {
  const first = parse(await read('test/verdicts.yaml')) as ContractCase[];
  return [
    ...first.map((one) => ({ ...one, on: 'sessions' as const })),
    ...[more, ...(await Promise.all(MORE.map((name) => read(`test/verdicts-${name}.yaml`))))]
      .flatMap((text) => parse(text) as ContractCase[])
      .map((one) => ({
        ...one,
        on: one.on ?? 'statements',
        affects: one.affects ?? [],
      })),
  ];
}

/** Writes the contract before and after the change of a case into `folder`. */
export async function writeCase(
  folder: string,
  { on, given, text = [], ...change }: ContractCase,
): Promise<{ base: string; revision: string }> {
  const before = parse(TEXTS[on]);
  patch(before, given ?? {});
  const after = structuredClone(before);
  patch(after, change);
  let revised = JSON.stringify(after, null, 2);
  if (text.length > 0) revised = TEXTS[on];
  for (const [from, to] of text) {
    if (!revised.includes(from)) throw new Error(`There is no ${from}`);
    revised = revised.replace(from, to);
  }
  const base = join(folder, 'base.json');
  const revision = join(folder, text.length > 0 ? 'revision.yaml' : 'revision.json');
  await writeFile(base, JSON.stringify(before, null, 2));
  await writeFile(revision, revised);
  return { base, revision };
}

export function patch(document: object, { move = {}, set = {}, remove = [] }: Patch): void {
  const keys = (at: string) => keysOf(document, at);
  for (const [from, to] of Object.entries(move)) {
    const value = take(document, keys(from));
    put(document, keys(to), value);
  }
  for (const [at, value] of Object.entries(set)) put(document, keys(at), structuredClone(value));
  for (const at of remove) take(document, keys(at));
}

function keysOf(document: object, at: string): string[] {
  const [, id, inside = ''] = /^@(\w+)(.*)$/.exec(at) ?? [];
  if (id !== undefined) {
    const { paths = {} } = document as { paths?: Record<string, Record<string, unknown>> };
    for (const [path, item] of Object.entries(paths))
      for (const [method, operation] of Object.entries(item))
        if ((operation as { operationId?: string } | null)?.operationId === id)
          return ['paths', path, method, ...keysOf(document, inside).slice(1)];
    throw new Error(`There is no operation ${id}.`);
  }
  // A path in full, or its pointer.
  if (at.startsWith('paths//')) return ['paths', at.slice('paths/'.length)];
  const [first = '', ...rest] = at.split('/').map((key) => key.replaceAll('~1', '/'));
  return [...(SHORT[first] ?? [first]), ...rest];
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
