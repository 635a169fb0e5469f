import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bundle, stringifyYaml } from '@redocly/openapi-core';
import { type Contract, readContract } from '../src/model.ts';
import { generateTypes } from './generate-types.ts';
import { toJsonSchemas } from './json-schemas.ts';
import { lintContract } from './lint-contract.ts';
import { printOperationTable, printOperationTypes } from './operation-table.ts';
import { writeCommonJs } from './write-commonjs.ts';

/** What TypeScript compiles from `src` stands beside what is derived here. */
const COMPILED = /^(model|loopback|cjs)(\.|\/)/;

export type BuildResult = {
  /** The files that the contract was read from. */
  files: string[];
} & (
  | {
      ok: true;
      /** `info.version` of the contract. */
      version: string;
      /** How many operations it has. */
      operations: number;
      /** Names of the files in `dist` that are new, different or gone. */
      changed: string[];
      milliseconds: number;
      /** Milliseconds of the steps that take most of it. */
      steps: { lint: number; bundle: number; types: number };
    }
  | {
      ok: false;
      /** The problems, for a terminal, each with file, line and column. */
      report: string;
    }
);

/**
 * Lints the contract in the folder `spec` (`sessions.yaml` with its `redocly.yaml`) and, if it is clean, writes
 * everything that is derived from it to `spec/dist`. A contract with problems leaves `dist` untouched.
 */
export async function buildContract(spec: string): Promise<BuildResult> {
  const start = performance.now();
  const steps = { lint: 0, bundle: 0, types: 0 };
  const timed = async <T>(name: keyof typeof steps, step: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await step();
    steps[name] = performance.now() - began;
    return result;
  };
  const source = join(spec, 'sessions.yaml');
  const files = [source, join(spec, 'redocly.yaml')];
  try {
    const { config, report, files: linted } = await timed('lint', () => lintContract(spec));
    files.push(...linted);
    if (report !== '' || !config) return { ok: false, report, files };

    const { bundle: bundled, fileDependencies } = await timed('bundle', () =>
      bundle({ ref: source, config }),
    );
    files.push(...fileDependencies);
    const document = bundled.parsed as object;
    const contract = readContract(document);
    const types = await timed('types', () => generateTypes(document, contract));
    const dist = join(spec, 'dist');
    const changed = await writeAll(dist, derive(document, contract, types));
    if (changed.length > 0) await writeCommonJs(dist);
    return {
      ok: true,
      version: contract.info.version,
      operations: contract.operations.length,
      changed,
      milliseconds: Math.round(performance.now() - start),
      steps,
      files,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, report: `${basename(source)}: ${error.message}`, files };
  }
}

function derive(
  document: object,
  contract: Contract,
  types: Awaited<ReturnType<typeof generateTypes>>,
): Map<string, string> {
  const yaml = stringifyYaml(document);
  const files = new Map<string, string>([
    ['openapi.json', toJson(document)],
    ['openapi.yaml', yaml],
    // Where generators look for it that read no `exports`.
    ['../openapi.yaml', yaml],
    ['raw.d.ts', types.raw],
    ['raw.js', 'export {};\n'],
    ['index.d.ts', types.index],
    ['operations.d.ts', printOperationTypes(contract)],
    ['operations.js', printOperationTable(contract)],
    [
      'index.js',
      `import * as operations from './operations.js';\nexport { operations };\nexport const version = ${JSON.stringify(contract.info.version)};\n`,
    ],
  ]);
  for (const [name, schema] of toJsonSchemas(contract)) {
    files.set(`schemas/${name}.json`, toJson(schema));
  }
  return files;
}

/** Writes what differs, removes what is no longer derived, and returns the names of both. */
async function writeAll(dist: string, files: Map<string, string>): Promise<string[]> {
  const changed: string[] = [];
  const present = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of present) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dist.length + 1).replaceAll('\\', '/');
    // What TypeScript compiles from `src` stands beside what is derived here.
    if (files.has(name) || COMPILED.test(name)) continue;
    await rm(path);
    changed.push(name);
  }
  for (const [name, content] of files) {
    const path = join(dist, name);
    if ((await readFile(path, 'utf8').catch(() => undefined)) === content) continue;
    await mkdir(dirname(path), { recursive: true });
    // A reader never sees half a file: a rename replaces it in one step.
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
    changed.push(name);
  }
  return changed;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
