import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { highest, type Rating } from './rating.ts';
import { publishedPackages } from './workspace.ts';

export const CONTRACT = '@sql-sessions/contract';

/** What an author says about a change that no rule knows: a line `verdict: POINTER minor because …` of a changeset. */
export interface Verdict {
  file: string;
  pointer: string;
  rating: Exclude<Rating, 'none' | 'unknown'>;
  reason: string;
}

export interface Changeset {
  /** Relative to the root. */
  file: string;
  /** What is asked for, by package. */
  bumps: ReadonlyMap<string, Rating>;
  /** What its author wrote, without verdicts. */
  note: string;
  verdicts: Verdict[];
}

export interface Changesets {
  all: Changeset[];
  /** What is wrong with them, each in a sentence that names the file. */
  problems: string[];
}

const BUMPS = ['none', 'patch', 'minor', 'major'] as const;
const FRONT_MATTER = /^\s*---\r?\n([\s\S]*?)(?:\r?\n)?---[ \t]*(?:\r?\n|$)([\s\S]*)$/;
const NO_CHANGESET = /^(pre\/)?(\..*|readme\.md|AGENTS\.md|CLAUDE\.md|GEMINI\.md)$/i;
const VERDICT_LINE = /^[ \t]*verdict:.*$/gim;
const VERDICT = /^\s*verdict:\s+(#\S*)\s+(patch|minor|major)\s+because\s+(\S.*)$/i;

/** The changesets in `root`. */
export async function readChangesets(root: string): Promise<Changesets> {
  const folder = join(root, '.changeset');
  const list = (path: string) => readdir(join(folder, path)).catch(() => []);
  // Those that a pre-release has used go on counting until the release.
  const names = [...(await list('.')), ...(await list('pre')).map((name) => `pre/${name}`)];
  const packages = (await publishedPackages(root)).map(({ manifest }) => manifest.name);
  const problems: string[] = [];
  const all: Changeset[] = [];
  for (const name of names.sort()) {
    if (!name.endsWith('.md') || NO_CHANGESET.test(name)) continue;
    const file = `.changeset/${name}`;
    const text = await readFile(join(folder, name), 'utf8').catch(
      ({ code }: NodeJS.ErrnoException) => {
        problems.push(`${file} cannot be read: ${code}. Changesets are files; delete it.`);
      },
    );
    if (typeof text !== 'string') continue;
    const [, head, body = ''] = FRONT_MATTER.exec(text) ?? [];
    if (head === undefined) {
      problems.push(
        `${file} has no front matter: a line ---, then a line such as "${CONTRACT}": minor, then --- again. Write changesets with: pnpm changeset`,
      );
      continue;
    }
    const bumps = readBumps(head, file, packages, problems);
    const verdicts = [...body.matchAll(VERDICT_LINE)].flatMap(([line]) => {
      const [, pointer = '', rating = '', reason = ''] = VERDICT.exec(line) ?? [];
      if (pointer !== '')
        return [{ file, pointer, rating: rating.toLowerCase() as Verdict['rating'], reason }];
      problems.push(
        `${file}: \`${line.trim()}\` is not a verdict. Write \`verdict: POINTER RATING because REASON\`, where RATING is patch, minor or major.`,
      );
      return [];
    });
    const note = body.replaceAll(VERDICT_LINE, '').trim();
    if (note === '' && verdicts.length === 0 && highest([...bumps.values()]) !== 'none')
      problems.push(`${file} says nothing. Write below its front matter what changed.`);
    all.push({ file, bumps, note, verdicts });
  }
  return { all, problems };
}

function readBumps(
  head: string,
  file: string,
  packages: readonly string[],
  problems: string[],
): ReadonlyMap<string, Rating> {
  let parsed: unknown;
  try {
    parsed = parse(head);
  } catch (error) {
    problems.push(
      `${file}: its front matter is not YAML: ${`${(error as Error).message}`.split('\n', 1)[0]}`,
    );
    return new Map();
  }
  if (parsed !== null && (typeof parsed !== 'object' || Array.isArray(parsed))) {
    problems.push(
      `${file}: its front matter is not a map. Write lines such as "${CONTRACT}": minor there.`,
    );
    return new Map();
  }
  const entries = Object.entries(parsed ?? {});
  return new Map(
    entries.filter(([name, bump]) => {
      if (!packages.includes(name))
        problems.push(
          `${file}: there is no published package ${name}. There are ${packages.join(', ')}.`,
        );
      else if (!(BUMPS as readonly unknown[]).includes(bump))
        problems.push(
          `${file}: unknown bump \`${bump}\` for ${name}. Known are ${BUMPS.join(', ')}.`,
        );
      else return true;
      return false;
    }),
  );
}

/** The highest bump that is asked for a package. */
export function bumpOf(changesets: readonly Changeset[], name: string): Rating {
  return highest(changesets.map(({ bumps }) => bumps.get(name) ?? 'none'));
}

/** The texts of the changesets that name a package. */
export function notesOf(changesets: readonly Changeset[], name: string): string[] {
  return changesets.filter(({ bumps }) => bumps.has(name)).map(({ note }) => note);
}

/** Takes the verdicts out of the changelogs of the packages, which are made of the whole text of the changesets. */
export async function dropVerdicts(root: string): Promise<void> {
  for (const { folder } of await publishedPackages(root)) {
    const file = join(root, folder, 'CHANGELOG.md');
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.match(VERDICT_LINE)) await writeFile(file, text.replaceAll(VERDICT_LINE, ''));
  }
}
