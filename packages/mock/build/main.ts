/** Writes to `dist/` what is run: bundles of our code with what it stands on, the panel, the control API's document and
 * types, and the responses that the MSW handlers give. `tsc` adds the types. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle, createConfig } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';
import { prepareContract } from '../src/contract/load-contract.ts';
import { createContentSource } from '../src/contract/make-content.ts';
import { makeResponseTable } from '../src/msw/response-table.ts';
import { bundleCode } from './bundle-code.ts';

const root = new URL('../', import.meta.url);
const dist = new URL('dist/', root);

await rm(dist, { recursive: true, force: true });
await mkdir(new URL('panel/', dist), { recursive: true });
await mkdir(new URL('generated/', dist));
await Promise.all([writeControlApi(), writeResponseTable(), copyPanel()]);
await bundleCode(root);

async function writeControlApi(): Promise<void> {
  const { bundle: bundled } = await bundle({
    ref: fileURLToPath(new URL('control.yaml', root)),
    config: await createConfig({}),
  });
  const document = bundled.parsed as { components: { schemas: object } };
  const types = await openapiTS(structuredClone(document) as never);
  await write('control-api.json', `${JSON.stringify(document, null, 2)}\n`);
  await write('control-api-raw.d.ts', astToString(types));
  await write(
    'control-api.d.ts',
    `import type { components } from './control-api-raw.js';

/** What goes in and out of the control API, by the names of \`control-api.json\`. */
export type ControlSchemas = components['schemas'];
`,
  );
  await write('control-api.js', 'export {};\n');
  await writeData(
    'control-schemas',
    'controlSchemas',
    document.components.schemas,
    'Record<string, object>',
  );
}

async function writeResponseTable(): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  const { contract, checker } = prepareContract(JSON.parse(await readFile(file, 'utf8')), 'none');
  const table = await makeResponseTable(contract, createContentSource(contract, checker));
  await writeData('response-table', 'responseTable', table, 'unknown');
}

async function copyPanel(): Promise<void> {
  for (const name of ['panel.html', 'panel.css']) {
    await copyFile(new URL(`panel/${name}`, root), new URL(`panel/${name}`, dist));
  }
}

/** A module with one value, for the bundles. */
async function writeData(file: string, name: string, value: unknown, type: string): Promise<void> {
  await write(`generated/${file}.js`, `export const ${name} = ${JSON.stringify(value)};\n`);
  await write(`generated/${file}.d.ts`, `export declare const ${name}: ${type};\n`);
}

function write(name: string, content: string): Promise<void> {
  return writeFile(new URL(name, dist), content);
}
