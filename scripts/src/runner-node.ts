/** Lets the scripts of this checkout run in the Node on the PATH; `pnpm install --force` brings the lockfile's back. */
import { globSync, rmSync } from 'node:fs';

for (const file of globSync('node_modules/.bin/node*')) rmSync(file);
