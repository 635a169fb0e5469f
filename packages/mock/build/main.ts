/** Writes to `dist/` what is no TypeScript of ours: the control API's document and types, the panel's
 * files, and the answers of Prism that the MSW handlers give. */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle, createConfig } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';
import { makeAnswerTable } from './answer-table.ts';

const root = new URL('../', import.meta.url);
const dist = new URL('dist/', root);

await rm(dist, { recursive: true, force: true });
await mkdir(new URL('panel/', dist), { recursive: true });
await mkdir(new URL('msw/', dist));
await Promise.all([writeControlApi(), copyPanel(), writeAnswerTable()]);

async function writeControlApi(): Promise<void> {
  const { bundle: bundled } = await bundle({
    ref: fileURLToPath(new URL('control.yaml', root)),
    config: await createConfig({}),
  });
  const types = await openapiTS(structuredClone(bundled.parsed) as never);
  await write('control-api.json', `${JSON.stringify(bundled.parsed, null, 2)}\n`);
  await write('control-api-raw.d.ts', astToString(types));
  await write(
    'control-api.d.ts',
    `import type { components } from './control-api-raw.js';

/** What goes in and out of the control API, by the names of \`control-api.json\`. */
export type ControlSchemas = components['schemas'];
`,
  );
  await write('control-api.js', 'export {};\n');
}

async function writeAnswerTable(): Promise<void> {
  const table = JSON.stringify(await makeAnswerTable());
  await write('msw/answer-table.js', `export const answerTable = ${table};\n`);
  await write(
    'msw/answer-table.d.ts',
    '/** The answers of Prism, as `answer-table-type` says. */\nexport declare const answerTable: unknown;\n',
  );
}

async function copyPanel(): Promise<void> {
  for (const name of ['panel.html', 'panel.css']) {
    await copyFile(new URL(`panel/${name}`, root), new URL(`panel/${name}`, dist));
  }
}

function write(name: string, content: string): Promise<void> {
  return writeFile(new URL(name, dist), content);
}
