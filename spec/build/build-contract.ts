import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  bundle,
  formatProblems,
  getTotals,
  lint,
  loadConfig,
  logger,
  stringifyYaml,
} from '@redocly/openapi-core';
import { generateTypes } from './generate-types.ts';
import { toJsonSchemas } from './json-schemas.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { printOperationTable, toOperations } from './operation-table.ts';

export type BuildResult =
  | { ok: true; version: string; operations: number; changed: string[]; files: string[] }
  | { ok: false; report: string; files: string[] };

/**
 * Lints the contract in `spec` and, if it is clean, writes everything that is derived from it to `spec/dist`.
 * A contract with problems leaves `dist` untouched. `files` are the files the contract was read from.
 */
export async function buildContract(spec: string): Promise<BuildResult> {
  const source = join(spec, 'sessions.yaml');
  let files = [source];
  try {
    const config = await loadConfig({ configPath: join(spec, 'redocly.yaml') });
    const problems = await lint({ ref: source, config });
    const totals = getTotals(problems);
    if (totals.errors + totals.warnings > 0) return { ok: false, report: format(problems), files };

    const { bundle: bundled, fileDependencies } = await bundle({ ref: source, config });
    files = [source, ...fileDependencies];
    const document = bundled.parsed as OpenApiDocument;
    const derived = await derive(document);
    return {
      ok: true,
      version: document.info.version,
      operations: toOperations(document).length,
      changed: await writeAll(join(spec, 'dist'), derived),
      files,
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, report: `${source}: ${error.message}`, files };
  }
}

async function derive(document: OpenApiDocument): Promise<Map<string, string>> {
  const operations = toOperations(document);
  const types = await generateTypes(document, operations);
  const files = new Map<string, string>([
    ['openapi.json', toJson(document)],
    ['openapi.yaml', stringifyYaml(document)],
    ['raw.d.ts', types.raw],
    ['raw.js', 'export {};\n'],
    ['index.d.ts', types.index],
    ['operations.d.ts', types.operations],
    ['operations.js', printOperationTable(operations)],
    [
      'index.js',
      `export * as operations from './operations.js';\nexport const version = ${JSON.stringify(document.info.version)};\n`,
    ],
  ]);
  for (const [name, schema] of toJsonSchemas(document)) {
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
    if (files.has(name)) continue;
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

function format(problems: Parameters<typeof formatProblems>[0]): string {
  // formatProblems prints; collect what it prints instead.
  let text = '';
  const { output, info } = logger;
  const collect = (line: string) => {
    text += line;
  };
  logger.output = collect;
  logger.info = collect;
  try {
    formatProblems(problems, {
      format: 'codeframe',
      color: process.stdout.isTTY ?? false,
      totals: getTotals(problems),
      version: '',
    });
  } finally {
    logger.output = output;
    logger.info = info;
  }
  return text.trim();
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
