import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@sql-sessions/testing/process';
import { installRecipes } from './install-recipes.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const RESULTS = join(PACKAGE, '.results');
const REPORT = 'client.api.md';

/** Where the accepted report is. */
export const ACCEPTED = join(PACKAGE, 'etc', REPORT);

/** Describes the public surface of the built package, all its entries, as API Extractor sees it. */
export async function reportApi(): Promise<string> {
  const installed = await installRecipes();
  await mkdir(RESULTS, { recursive: true });
  // API Extractor looks for the package beside its configuration.
  const config = join(RESULTS, 'api-extractor.json');
  await writeFile(
    config,
    JSON.stringify({
      projectFolder: PACKAGE,
      mainEntryPointFilePath: join(PACKAGE, 'test/published/surface.d.ts'),
      compiler: {
        overrideTsconfig: {
          extends: join(PACKAGE, 'tsconfig.build.json'),
          include: [],
          files: [join(PACKAGE, 'test/published/surface.d.ts')],
        },
      },
      apiReport: {
        enabled: true,
        reportFolder: RESULTS,
        reportTempFolder: join(RESULTS, 'api'),
        reportFileName: REPORT,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        extractorMessageReporting: {
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'none' },
        },
      },
    }),
  );
  const extractor = installed('.bin/api-extractor');
  const result = await run(extractor, ['run', '--local', '--config', config]);
  if (result.code !== 0) throw new Error(`${result.stdout}${result.stderr}`);
  return readFile(join(RESULTS, REPORT), 'utf8');
}
