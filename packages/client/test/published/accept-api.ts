import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ACCEPTED, reportApi } from './report-api.ts';

await mkdir(dirname(ACCEPTED), { recursive: true });
await writeFile(ACCEPTED, await reportApi());
console.log(
  `${ACCEPTED} describes the public surface as it is now. Read the difference, then commit it.`,
);
