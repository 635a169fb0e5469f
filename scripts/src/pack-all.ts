/**
 * `pnpm pack:all <folder>`: builds what is published and packs it into a folder, as it would be published.
 * Exit code 0: packed. 1: the build or the packing failed. 2: no folder was given.
 */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PUBLISHED, pnpm } from './pnpm.ts';
import { turbo } from './turbo.ts';

const [folder] = process.argv.slice(2).filter((each) => each !== '--');
if (folder === undefined || folder.startsWith('-')) {
  console.error('Say which folder the tarballs go to: pnpm pack:all /tmp/sql-sessions');
  process.exitCode = 2;
} else {
  // From where the command was given, which is not always where pnpm runs its scripts.
  process.exitCode = await packAll(resolve(process.env.INIT_CWD ?? '.', folder));
}

async function packAll(into: string): Promise<number> {
  if ((await turbo(['run', 'build', ...PUBLISHED, '--output-logs=errors-only'])) !== 0) return 1;
  await mkdir(into, { recursive: true });
  const { code, output } = await pnpm(...PUBLISHED, 'pack', '--pack-destination', into);
  console.log(code === 0 ? (output.match(/^\/?\S.*\.tgz$/gm) ?? []).join('\n') : output);
  return code;
}
