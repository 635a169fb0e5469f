import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { generateContract } from '../src/scale/generate-contract.ts';
import { makeScaleFolder, typecheck } from '../src/scale/scale-folder.ts';

test('a contract of any size passes our own lint, and the real operation stays last', async () => {
  const { paths } = parse(await generateContract(7)) as { paths: Record<string, unknown> };
  expect(Object.keys(paths)).toHaveLength(7);
  expect(Object.keys(paths).at(-1)).toBe('/v1/workspaces/{workspace_id}/sessions/{session_id}');

  await using folder = await temporaryFolder();
  await mkdir(folder.path, { recursive: true });
  // The build lints first, and the caller compiles only against types that the build has made.
  const made = await makeScaleFolder(folder.path, 7);
  await expect(typecheck(made, 'caller')).resolves.toBeGreaterThan(0);
  expect(made.contract).toBe(
    join(folder.path, '7/node_modules/@sql-sessions/contract/dist/openapi.json'),
  );
});
