import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mock, startMock } from '@sql-sessions/mock';
import { run } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
// Inside the package, where its own name leads to what was built.
const FOLDER = join(PACKAGE, '.results/samples');
const DOCUMENTS = ['README.md', '../../docs/guides/client.md'];
const MOCK = 'http://127.0.0.1:4010';

interface Sample {
  name: string;
  code: string;
  /** The lines that the sample says it prints: all that stands behind `// →`. */
  prints: string[];
}

const samples: Sample[] = [];
for (const document of DOCUMENTS) {
  const text = await readFile(join(PACKAGE, document), 'utf8');
  for (const [, code = ''] of text.matchAll(/^```ts\n(.*?)^```$/gms)) {
    const line = text.slice(0, text.indexOf(code)).split('\n').length;
    const prints = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, printed = '']) => printed);
    samples.push({ name: `${document}:${line}`, code, prints });
  }
}

let mock: Mock;

const fileOf = ({ name }: Sample) => join(FOLDER, `${name.replace(/[^a-z0-9]+/gi, '-')}.mts`);

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const sample of samples) await writeFile(fileOf(sample), sample.code);
  mock = await startMock({ port: 0 });
});
afterAll(() => mock.close());

test('there are samples in both documents', () => {
  expect(samples.filter(({ name }) => name.startsWith('README'))).toHaveLength(1);
  expect(samples.length).toBeGreaterThan(8);
});

test('every sample compiles under strict rules', async () => {
  const config = join(FOLDER, 'tsconfig.json');
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  await writeFile(
    config,
    JSON.stringify({ extends: '../../tsconfig.json', compilerOptions, include: ['*.mts'] }),
  );
  expect(await readdir(FOLDER)).toHaveLength(samples.length + 1);
  const { stdout } = await run('tsc', ['-p', config], { cwd: PACKAGE });
  expect(stdout).toBe('');
});

describe('every sample prints what it says', () => {
  test.each(samples)('$name', async (sample) => {
    expect(sample.prints).not.toEqual([]);
    mock.reset();
    // The default port may be taken on this machine.
    await writeFile(fileOf(sample), sample.code.replaceAll(MOCK, mock.url));
    const { code, stdout, stderr } = await run(process.execPath, [fileOf(sample)]);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual(sample.prints);
    expect(code).toBe(0);
  });
});
