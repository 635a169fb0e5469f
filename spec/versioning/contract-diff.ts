import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '../src/model.ts';
import { alignChoices } from './canonical/align-choices.ts';
import {
  type Canonical,
  canonicalPath,
  isOutgoing,
  LOOSE,
  operationKey,
  printContract,
} from './canonical/print-contract.ts';
import { stableJson } from './canonical/stable-json.ts';
import type { Change } from './change.ts';
import { compareRest } from './compare-rest.ts';
import { bare, type Found } from './found.ts';
import { rateChange, segments } from './rate-change.ts';
import { highest, type Rating } from './rating.ts';
import { readSource, type Source } from './read-source.ts';
import { type RedoclyChange, redoclyDiff } from './redocly-diff.ts';
import { compareTypes } from './types/compare-types.ts';
import { unusedNames } from './unused-names.ts';

export interface ContractDiff {
  rating: Rating;
  /** What Redocly alone would say about the canonical documents. */
  redocly: Rating;
  /** Most severe first. */
  changes: Change[];
}

const RANK = { unknown: 0, major: 1, minor: 2, patch: 3 };

/**
 * Compares what two contracts (files) mean, and rates what differs. Another way to write the same is not a change.
 * @throws {UsageError} where one of them cannot be read
 */
export async function contractDiff(base: string, revision: string): Promise<ContractDiff> {
  const [diff] = await contractDiffs([[base, revision]]);
  if (diff === undefined) throw new Error('There is one pair.');
  return diff;
}

/** Many comparisons at once, for the price of one. */
export async function contractDiffs(
  files: readonly (readonly [base: string, revision: string])[],
): Promise<ContractDiff[]> {
  const pairs = await Promise.all(
    files.map(async ([base, revision]) => {
      const [before, after] = [await readSource(base), await readSource(revision)];
      const loose = looseNames(before.contract, after.contract);
      const has = new Set(before.contract.operations.map(operationKey));
      const shared = new Set(
        after.contract.operations.map(operationKey).filter((key) => has.has(key)),
      );
      const old = printContract(before.contract, loose, shared);
      const now = printContract(after.contract, loose, shared);
      alignChoices(old.document.paths, now.document.paths);
      return { before, after, old, now };
    }),
  );
  const judged = await judge(pairs.map(({ old, now }) => [old.document, now.document]));
  const types = await compareTypes(pairs);
  return pairs.map((pair, index) => toDiff(pair, judged[index] ?? [], types[index] ?? []));
}

interface Pair {
  before: Source;
  after: Source;
  old: Canonical;
  now: Canonical;
}

function toDiff(
  { before, after, old, now }: Pair,
  judged: RedoclyChange[],
  types: Found[],
): ContractDiff {
  const found = judged.map((change): Found => {
    const gone = change.kind === 'removed';
    const { places, names } = gone ? old : now;
    const pointer = nearest(places, change.path);
    return {
      kind: change.kind,
      where: readable(
        isOutgoing(change.path) ? pointer : change.path,
        names,
        gone ? before : after,
      ),
      ...(change.base && { before: change.base.value }),
      ...(change.revision && { after: change.revision.value }),
      ...rateChange(change, pointer, names),
      pointer,
      gone,
    };
  });
  found.push(...compareRest(before.contract, after.contract), ...types);
  const changes = unite(found).map(({ pointer, gone, ...change }): Change => {
    const { file, placeOf } = gone ? before : after;
    const what = change.what.replace(/^./, (letter) => letter.toUpperCase());
    return { ...change, what, pointer, at: { file, ...placeOf(pointer) } };
  });
  changes.sort((a, b) => RANK[a.rating] - RANK[b.rating]);
  return {
    rating: highest(changes.map(({ rating }) => rating)),
    redocly: highest(judged.map(({ impact }) => impact)),
    changes,
  };
}

type Document = Canonical['document'];
type Responses = Record<string, { content?: object }>;

/**
 * Redocly's opinion, with what it cannot know: whether a body is the first one of its response. It is asked once: the
 * paths of each pair get a prefix of their own in one document of all.
 */
async function judge(pairs: (readonly [Document, Document])[]): Promise<RedoclyChange[][]> {
  const result = pairs.map(([before, after]) => [
    ...pathsOfOne(before, after, 'removed'),
    ...pathsOfOne(after, before, 'added'),
  ]);
  const different = [...pairs.entries()].filter(([, [a, b]]) => stableJson(a) !== stableJson(b));
  const [first] = different;
  if (first === undefined) return result;
  const all = [0, 1].map((side) => {
    const paths = different.flatMap(([index, pair]) =>
      Object.entries(pair[side]?.paths ?? {})
        .filter(([path]) => pair.every(({ paths }) => path in paths))
        .map(([path, item]) => [`/${index}${path}`, item]),
    );
    return { ...first[1][side], paths: Object.fromEntries(paths) };
  });
  const folder = await mkdtemp(join(tmpdir(), 'contract-diff-'));
  try {
    const files = [join(folder, 'base.json'), join(folder, 'revision.json')] as const;
    await writeFile(files[0], JSON.stringify(all[0]));
    await writeFile(files[1], JSON.stringify(all[1]));
    for (const change of await redoclyDiff(...files)) {
      const [, index = '', rest] = /^#\/paths\/~1(\d+)(~1.*)$/.exec(change.path) ?? [];
      const path = `#/paths/${rest}`;
      const pair = pairs[Number(index)];
      if (!pair) continue;
      const [, template = '', method = '', , status = ''] = segments(path);
      const item = pair[0].paths[template] as Record<string, { responses?: Responses }> | undefined;
      const { responses = {} } = item?.[method] ?? {};
      const first = Object.keys(responses[status]?.content ?? {}).length === 0;
      const success = Object.keys(responses).some((one) => /^2/.test(one));
      result[Number(index)]?.push({ ...change, path, first, success });
    }
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Paths that only one document has. Redocly takes an old and a new one for the same, where they look alike. */
function pathsOfOne(
  document: Document,
  other: Document,
  kind: 'added' | 'removed',
): RedoclyChange[] {
  const lost = kind === 'removed';
  return Object.keys(document.paths)
    .filter((path) => !(path in other.paths))
    .map((path) => ({
      path: `#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      typeName: 'PathItem',
      kind,
      impact: lost ? 'major' : 'minor',
      verdicts: lost
        ? [{ ruleId: 'path-removed', impact: 'major', message: 'Path item was removed.' }]
        : [],
    }));
}

/** Names of schemas that both have and no operation of either uses. */
function looseNames(before: Contract, after: Contract): string[] {
  const idle = (contract: Contract) =>
    unusedNames(contract, bare([contract.operations, contract.webhooks]));
  const old = new Set(idle(before));
  return idle(after).filter((name) => old.has(name));
}

/** The same change of a shared part is told once, with the number of its other places. */
function unite(found: Found[]): Found[] {
  const groups = new Map<string, Found & { more: number }>();
  for (const one of found) {
    const { pointer, rule, rating, what, before, after } = one;
    const key = stableJson([
      rule,
      rating,
      what,
      before,
      after,
      rule.startsWith('our/se') ? '' : pointer,
    ]);
    const known = groups.get(key);
    if (known) known.more++;
    else groups.set(key, { ...one, more: 0 });
  }
  return [...groups.values()].map(({ more, ...one }) =>
    more === 0
      ? one
      : { ...one, where: `${one.where} and ${more} more ${more === 1 ? 'place' : 'places'}` },
  );
}

function nearest(places: ReadonlyMap<string, string>, path: string): string {
  for (let at = path; at.includes('/'); at = at.slice(0, at.lastIndexOf('/'))) {
    const source = places.get(at);
    if (source !== undefined) return source;
  }
  return path;
}

function readable(path: string, names: Canonical['names'], { contract }: Source): string {
  const keys = segments(path);
  const [first, template = '', method = ''] = keys;
  if (first !== 'paths' || !template) return keys.join(' › ') || 'document';
  if (template.startsWith(LOOSE)) return `components › schemas › ${template.slice(LOOSE.length)}`;
  const real = contract.operations.find((one) => canonicalPath(one.path) === template);
  const parameter = names.get(path.split('/').slice(0, 6).join('/'));
  const inside =
    parameter && keys[3] === 'parameters'
      ? [parameter.replaceAll('`', ''), ...keys.slice(5)]
      : keys.slice(3);
  return [`${method.toUpperCase()} ${real?.path ?? template}`.trim(), ...inside].join(' › ');
}
