import { glob, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSite } from '@sql-sessions/docs/build';
import { run } from '@sql-sessions/testing/process';
import { contractFile, OURS, placeIn } from '../contract.ts';
import { peerPath } from '../peers.ts';
import { makeScaleFolder } from '../scale/scale-folder.ts';

export interface Site {
  who: string;
  /** Its files, each with a packed twin (`index.html.gz`). */
  folder: string;
  /** Where the operation is, below the top of the site: a reader follows a link to it. */
  place: string;
}

/** Our reference as it is published, copied to `folder`. */
export async function ownSite(folder: string): Promise<Site> {
  const dist = join(dirname(fileURLToPath(import.meta.resolve('@sql-sessions/docs'))), '../dist');
  for await (const name of glob('**/*.{css,html,js,json,png,svg,woff2}', { cwd: dist })) {
    await put(folder, name, await readFile(join(dist, name)));
  }
  return { who: OURS, folder, place: placeIn(await readdir(dist, { recursive: true })) };
}

/** Our reference of a contract of so many operations, of which each has a page of its own. */
export async function ownLargeSite(operations: number, into: string): Promise<Site> {
  const { path } = await makeScaleFolder(into, operations);
  const folder = join(into, 'site');
  const { files } = await buildSite({ root: path });
  for (const [name, content] of files) await put(folder, name, content);
  return {
    who: `ours, one of ${operations} operations`,
    folder,
    place: placeIn([...files.keys()]),
  };
}

/** The others: the files of each as its own instructions load them, and what its page then runs. */
const PEERS: { who: string; place: string; files: string[]; body: string }[] = [
  {
    who: 'Scalar',
    place: '#tag/sessions/DELETE/v1/workspaces/{workspace_id}/sessions/{session_id}',
    files: ['@scalar/api-reference/dist/browser/standalone.js'],
    body: `<div id="app"></div><script src="standalone.js"></script>
<script>Scalar.createApiReference('#app', { url: 'openapi.json' })</script>`,
  },
  {
    who: 'Swagger UI',
    place: '#/Sessions/closeSession',
    files: [
      'swagger-ui-dist/swagger-ui.css',
      'swagger-ui-dist/index.css',
      'swagger-ui-dist/swagger-ui-bundle.js',
      'swagger-ui-dist/swagger-ui-standalone-preset.js',
    ],
    body: `<link rel="stylesheet" href="swagger-ui.css"><link rel="stylesheet" href="index.css">
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script><script src="swagger-ui-standalone-preset.js"></script>
<script>window.onload = () => SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl], layout: 'StandaloneLayout' })</script>`,
  },
  {
    who: 'RapiDoc',
    place: '#delete-/v1/workspaces/-workspace_id-/sessions/-session_id-',
    files: ['rapidoc/dist/rapidoc-min.js'],
    body: `<script type="module" src="rapidoc-min.js"></script>
<rapi-doc spec-url="openapi.json"></rapi-doc>`,
  },
];

/**
 * What the others show for our contract, built below `into`: their scripts come from loopback like everything else, not
 * from a CDN.
 */
export async function peerSites(into: string): Promise<Site[]> {
  const sites = [await redocSite(join(into, 'Redoc'))];
  for (const { who, place, files, body } of PEERS) {
    const folder = join(into, who);
    await put(folder, 'openapi.json', await readFile(contractFile));
    for (const path of files) await put(folder, basename(path), await readFile(peerPath(path)));
    await put(
      folder,
      'index.html',
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SQL Sessions</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>${body}</body></html>`,
    );
    sites.push({ who, place, folder });
  }
  return sites;
}

async function redocSite(folder: string): Promise<Site> {
  const cli = dirname(fileURLToPath(import.meta.resolve('@redocly/cli/package.json')));
  await put(
    folder,
    'redoc.standalone.js',
    await readFile(join(cli, 'lib/chunks/redoc.standalone.js')),
  );
  const output = join(folder, 'built.html');
  const args = [join(cli, 'bin/cli.js'), 'build-docs', contractFile, '-o', output];
  const env = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { code, stderr } = await run(process.execPath, args, { cwd: folder, env });
  if (code !== 0) throw new Error(`redocly build-docs failed:\n${stderr}`);
  const built = await readFile(output, 'utf8');
  const local = built.replace(/"https:\/\/[^"]*redoc\.standalone\.js"/, '"./redoc.standalone.js"');
  if (local === built) throw new Error('The page of Redoc no longer loads redoc.standalone.js.');
  await put(folder, 'index.html', local);
  return { who: 'Redoc', place: '#/sessions/closesession', folder };
}

async function put(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
}
