import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunResult, run } from '@sql-sessions/testing/process';
import { must } from './release-copy.ts';

export interface Stranger {
  folder: string;
  write(file: string, text: string): Promise<void>;
  /** `npm install` of packages at the registry of the rehearsal. */
  install(...packages: string[]): Promise<void>;
  /** Version of an installed package. */
  installed(name: string): Promise<string>;
  /** What the compiler says about the project: one `file(line): code` per error. */
  compile(): Promise<string[]>;
  node(...args: string[]): Promise<RunResult>;
  /** The first fenced example of an installed package's README. */
  example(name: string): Promise<string>;
}

/** A project of somebody who knows nothing of this repository but what npm gives them. */
export async function stranger(
  folder: string,
  npmrc: string,
  {
    type = 'module',
    upgrades = false,
  }: {
    type?: 'module' | 'commonjs';
    /** It installs again after the next release, and so has to ask what is there. */
    upgrades?: boolean;
  } = {},
): Promise<Stranger> {
  await mkdir(folder, { recursive: true });
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  await write('package.json', JSON.stringify({ name: 'stranger', private: true, type }));
  await write('.npmrc', upgrades ? npmrc : `${npmrc}prefer-offline=true\n`);
  const inPackage = (name: string, file: string) =>
    readFile(join(folder, 'node_modules', name, file), 'utf8');
  return {
    folder,
    write,
    async install(...packages) {
      const quiet = ['--no-audit', '--no-fund'];
      await must('npm', ['install', ...quiet, ...packages], folder);
    },
    installed: async (name) => JSON.parse(await inPackage(name, 'package.json')).version,
    async compile() {
      const config = { compilerOptions: TYPESCRIPT, include: ['*.ts'] };
      await write('tsconfig.json', JSON.stringify(config));
      const { stdout } = await run(process.execPath, [TSC, '--pretty', 'false'], {
        cwd: folder,
      });
      return [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm)].map(
        ([, file, line, code]) => `${file}(${line}): ${code}`,
      );
    },
    node: (...args) => run(process.execPath, args, { cwd: folder }),
    async example(name) {
      const [, code] = /```ts\n(.*?)```/s.exec(await inPackage(name, 'README.md')) ?? [];
      if (code === undefined) throw new Error(`The README of ${name} has no example.`);
      return code;
    },
  };
}

const TSC = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));

// As strict as it gets, and the declarations of the packages are checked too.
const TYPESCRIPT = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  types: [],
  outDir: 'out',
};
