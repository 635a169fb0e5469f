import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { LineCounter, parseDocument } from 'yaml';
import type { Change } from './change.ts';
import { rateChange } from './rate-change.ts';
import { highest, type Rating } from './rating.ts';
import { redoclyDiff } from './redocly-diff.ts';

export interface ContractDiff {
  rating: Rating;
  /** What Redocly alone would say. */
  redocly: Rating;
  /** Most severe first. */
  changes: Change[];
}

/** Compares two contracts (files) and rates what differs. The order of keys, comments and layout are no changes. */
export async function contractDiff(base: string, revision: string): Promise<ContractDiff> {
  const found = (await redoclyDiff(base, revision)).map((change) => ({
    change: rateChange(change),
    impact: change.impact,
  }));
  const counted = found.filter(({ change }) => change !== null);
  const changes = counted.flatMap(({ change }) => change ?? []);
  changes.push(...(await changedExamples(base, revision)));
  changes.sort((a, b) => RANK[a.rating] - RANK[b.rating]);
  return {
    rating: highest(changes.map(({ rating }) => rating)),
    redocly: highest(counted.map(({ impact }) => impact)),
    changes,
  };
}

const RANK = { major: 0, minor: 1, patch: 2 };

/** Redocly tells that an example came or went, but not that it shows something else. */
async function changedExamples(base: string, revision: string): Promise<Change[]> {
  const before = await read(base);
  const after = await read(revision);
  const changes: Change[] = [];
  for (const [name, example] of Object.entries(before.examples)) {
    const now = after.examples[name];
    if (now === undefined || isDeepStrictEqual(example, now)) continue;
    changes.push({
      rating: 'patch',
      kind: 'modified',
      where: `components › examples › ${name}`,
      what: `Example \`${name}\` shows something else.`,
      before: example,
      after: now,
      reason: 'Examples bind nobody. The mock answers with the new one.',
      affects: ['readers'],
      rule: 'our/example',
      at: { file: revision, line: after.lineOf(name), column: 5 },
    });
  }
  return changes;
}

async function read(file: string) {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines });
  const { components } = document.toJS() as { components?: { examples?: Record<string, unknown> } };
  return {
    examples: components?.examples ?? {},
    lineOf(name: string): number {
      const node = document.getIn(['components', 'examples', name], true) as
        | { range?: [number, number, number] }
        | undefined;
      return lines.linePos(node?.range?.[0] ?? 0).line;
    },
  };
}
