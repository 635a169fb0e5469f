import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What `pnpm test:majors` installs. */
const INSTALLED = fileURLToPath(new URL('../../majors/node_modules', import.meta.url));

/** The majors that the README claims. */
export const MAJORS = [14, 15, 16, 17, 18];

/** Servers to run a test on: the embedded one, which is always there, then Debian's and older embedded ones. */
export const servers: { name: string; major: number; folder?: string }[] = [
  { name: 'embedded PostgreSQL', major: 18 },
  ...[...entriesOf('/usr/lib/postgresql'), ...entriesOf(INSTALLED).map((path) => `${path}/native`)]
    .filter((folder) => existsSync(`${folder}/bin/initdb`))
    .map((folder) => ({
      name: `PostgreSQL in ${folder.replace(`${INSTALLED}/`, '')}`,
      major: Number(/(\d+)(?:\/native)?$/.exec(folder)?.[1]),
      folder,
    })),
];

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [];
}
