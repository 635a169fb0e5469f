/** What imports by path say about packages and folders: `crossings` leave a package, `cycles` lead back to a folder. */
import { posix } from 'node:path';

export interface Import {
  /** From the root of the workspace, with forward slashes. */
  from: string;
  to: string;
}

const IMPORT =
  /^(?:import|export)\b(?:[^'"`;=()]*\bfrom)?\s*['"](\.[^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]/gm;

/** Every import by path, of types too, in a file's text. */
export function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(([, plain, lazy]) => ({
    from: file,
    to: posix.join(posix.dirname(file), plain ?? lazy ?? ''),
  }));
}

/** Imports that lead out of the package they stand in, as `file -> file`. `packages`: the folders of all of them. */
export function crossings(imports: readonly Import[], packages: readonly string[]): string[] {
  const home = (file: string) =>
    packages
      .filter((folder) => file.startsWith(`${folder}/`))
      .sort((a, b) => b.length - a.length)[0];
  return imports
    .filter(({ from, to }) => home(from) !== home(to))
    .map(({ from, to }) => `${from} -> ${to}`);
}

/**
 * Groups of folders inside a package that import each other in a circle, as `folder, folder`. A file at the top of
 * `src` (or of another folder of the package) stands for itself: what an entry brings together need not know each other.
 */
export function cycles(imports: readonly Import[], packages: readonly string[]): string[] {
  const nodeOf = (file: string) => {
    const folder = posix.dirname(file);
    const top = packages.includes(folder) || packages.includes(posix.dirname(folder));
    return top ? file : folder;
  };
  const edges = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [a, b] = [nodeOf(from), nodeOf(to)];
    if (a !== b) edges.set(a, (edges.get(a) ?? new Set()).add(b));
  }
  const reach = (from: string) => {
    const seen = new Set<string>();
    const visit = (node: string) => {
      for (const next of edges.get(node) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        visit(next);
      }
    };
    visit(from);
    return seen;
  };
  const reached = new Map([...edges.keys()].map((node) => [node, reach(node)]));
  const groups = [...reached]
    .filter(([node, seen]) => seen.has(node))
    .map(([node, seen]) => [...seen].filter((other) => reached.get(other)?.has(node)).sort());
  return [...new Set(groups.map((group) => group.join(', ')))].sort();
}
