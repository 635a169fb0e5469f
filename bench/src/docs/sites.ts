import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { contractFile, OURS } from '../contract.ts';
import { peerPath } from '../peers.ts';

export interface Site {
  who: string;
  files: Map<string, string | Uint8Array>;
  /** Where the operation is, below the top of the site: a reader follows a link to it. */
  place: string;
}

/** Our reference as it is published. */
export async function ownSite(): Promise<Site> {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('@sql-sessions/docs'))), '../dist');
  const files: Site['files'] = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1).replaceAll(sep, '/'), await readFile(path));
  }
  return { who: OURS, files, place: '' };
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

/** What the others show for our contract, their scripts served from loopback like everything else, not from a CDN. */
export async function peerSites(): Promise<Site[]> {
  const sites = [await redocSite()];
  for (const { who, place, files: paths, body } of PEERS) {
    const files: Site['files'] = new Map([['openapi.json', await readFile(contractFile)]]);
    for (const path of paths) {
      files.set(path.slice(path.lastIndexOf('/') + 1), await readFile(peerPath(path)));
    }
    files.set(
      'index.html',
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SQL Sessions</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>${body}</body></html>`,
    );
    sites.push({ who, place, files });
  }
  return sites;
}

async function redocSite(): Promise<Site> {
  await using folder = await temporaryFolder();
  const output = join(folder.path, 'index.html');
  const cli = dirname(fileURLToPath(import.meta.resolve('@redocly/cli/package.json')));
  const args = [join(cli, 'bin/cli.js'), 'build-docs', contractFile, '-o', output];
  const env = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { code, stderr } = await run(process.execPath, args, { cwd: folder.path, env });
  if (code !== 0) throw new Error(`redocly build-docs failed:\n${stderr}`);
  const built = await readFile(output, 'utf8');
  const local = built.replace(/"https:\/\/[^"]*redoc\.standalone\.js"/, '"./redoc.standalone.js"');
  if (local === built) throw new Error('The page of Redoc no longer loads redoc.standalone.js.');
  const script = await readFile(join(cli, 'lib/chunks/redoc.standalone.js'));
  const files: Site['files'] = new Map([['redoc.standalone.js', script]]);
  return {
    who: 'Redoc',
    place: '#/sessions/closesession',
    files: files.set('index.html', local),
  };
}
