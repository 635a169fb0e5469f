import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes `dist/THIRD-PARTY-NOTICES.md`: name, version, licence and notices of each package that is inside the bundles.
 * @param inputs files that went into them, relative to `folder`
 * @throws where a package does not say under which licence it is
 */
export async function writeNotices(folder: string, inputs: readonly string[]): Promise<void> {
  const folders = new Set(
    inputs.flatMap((file) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const sections = await Promise.all([...folders].map((each) => describe(join(folder, each))));
  const text = [...new Set(sections)].sort().join('\n');
  const head = '# What is inside\n\nThe files of this package contain code of these packages.\n\n';
  await writeFile(join(folder, 'dist/THIRD-PARTY-NOTICES.md'), head + text);
}

async function describe(folder: string): Promise<string> {
  const { name, version, license, author } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  if (typeof license !== 'string') throw new Error(`${name} ${version} names no licence.`);
  const files = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  );
  const texts = await Promise.all(files.sort().map((file) => readFile(join(folder, file), 'utf8')));
  // Without a file of its own, the licence and who holds the rights are all there is to pass on.
  if (texts.length === 0)
    texts.push(`Copyright ${author?.name ?? author ?? `the authors of ${name}`}`);
  const notices = texts.map((text) => `\n\`\`\`\n${text.trim()}\n\`\`\`\n`).join('');
  return `## ${name} ${version}\n\n${license}\n${notices}`;
}
