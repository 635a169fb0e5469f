import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { generateTypes } from '../build/generate-types.ts';
import { printOperationTypes } from '../build/operation-table.ts';
import { readContract } from '../src/model.ts';
import { specFolder } from './contract.ts';

/** Type-checks a program against the types of a contract, every declaration included; returns what the compiler says. */
export async function compile(document: object, program: string): Promise<string> {
  await using folder = await temporaryFolder();
  const contract = readContract(document);
  const { index, raw } = await generateTypes(document, contract);
  const files = {
    'package.json': '{"type":"module"}',
    'types/index.d.ts': index,
    'types/raw.d.ts': raw,
    'types/operations.d.ts': printOperationTypes(contract),
    'program.ts': program,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipDefaultLibCheck: true,
        // What bytes are said to be needs the types of no runtime.
        lib: ['es2022'],
        types: [],
        target: 'es2022',
        module: 'nodenext',
      },
      files: ['program.ts', 'types/index.d.ts', 'types/operations.d.ts'],
    }),
  };
  await mkdir(join(folder.path, 'types'));
  await cp(join(specFolder, 'dist/model'), join(folder.path, 'types/model'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const { stdout } = await run(process.execPath, [tsc, '-p', folder.path], { cwd: folder.path });
  return stdout;
}
