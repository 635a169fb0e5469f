import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import type { SiteFiles } from '../../../docs/src/server/site-server.ts';
import { buildRedoc } from '../../../docs/src/site/redoc.ts';
import { contractFile } from '../mock/mocks.ts';
import { peerPath } from '../peers.ts';

export interface DocSite {
  name: string;
  files: SiteFiles;
  /** Where the operation is, below the top of the site: a reader follows a link to it. */
  address: string;
}

export const OURS = 'ours';

const read = (path: string) => readFile(path);

/** Our reference as it is published. */
export async function ownSite(): Promise<DocSite> {
  const folder = fileURLToPath(new URL('../../../docs/dist', import.meta.url));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length + 1).replaceAll(sep, '/'), await read(path));
  }
  return { name: OURS, files, address: '' };
}

/**
 * What the others show for our contract, each set up as its own instructions say, except that its scripts come from
 * the same loopback server as everything else and not from a CDN.
 */
export async function peerSites(): Promise<DocSite[]> {
  const contract = await read(contractFile);
  return [
    await redocSite(),
    {
      name: 'Scalar',
      address: '#tag/sessions/DELETE/v1/workspaces/{workspace_id}/sessions/{session_id}',
      files: new Map<string, string | Uint8Array>([
        ['openapi.json', contract],
        ['standalone.js', await read(peerPath('@scalar/api-reference/dist/browser/standalone.js'))],
        [
          'index.html',
          page(`<div id="app"></div><script src="standalone.js"></script>
<script>Scalar.createApiReference('#app', { url: 'openapi.json' })</script>`),
        ],
      ]),
    },
    {
      name: 'Swagger UI',
      address: '#/Sessions/closeSession',
      files: new Map<string, string | Uint8Array>([
        ['openapi.json', contract],
        ['swagger-ui.css', await read(peerPath('swagger-ui-dist/swagger-ui.css'))],
        ['index.css', await read(peerPath('swagger-ui-dist/index.css'))],
        ['swagger-ui-bundle.js', await read(peerPath('swagger-ui-dist/swagger-ui-bundle.js'))],
        [
          'swagger-ui-standalone-preset.js',
          await read(peerPath('swagger-ui-dist/swagger-ui-standalone-preset.js')),
        ],
        [
          'index.html',
          page(`<link rel="stylesheet" href="swagger-ui.css"><link rel="stylesheet" href="index.css">
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script><script src="swagger-ui-standalone-preset.js"></script>
<script>window.onload = () => SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl], layout: 'StandaloneLayout' })</script>`),
        ],
      ]),
    },
    {
      name: 'RapiDoc',
      address: '#delete-/v1/workspaces/-workspace_id-/sessions/-session_id-',
      files: new Map<string, string | Uint8Array>([
        ['openapi.json', contract],
        ['rapidoc-min.js', await read(peerPath('rapidoc/dist/rapidoc-min.js'))],
        [
          'index.html',
          page(`<script type="module" src="rapidoc-min.js"></script>
<rapi-doc spec-url="openapi.json"></rapi-doc>`),
        ],
      ]),
    },
  ];
}

async function redocSite(): Promise<DocSite> {
  await using folder = await temporaryFolder();
  const output = join(folder.path, 'index.html');
  const cli = fileURLToPath(
    new URL('bin/cli.js', import.meta.resolve('@redocly/cli/package.json')),
  );
  const { code, stderr } = await run(
    process.execPath,
    [cli, 'build-docs', contractFile, '-o', output],
    { cwd: folder.path, env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  );
  if (code !== 0) throw new Error(`redocly build-docs failed:\n${stderr}`);
  const built = await readFile(output, 'utf8');
  const local = built.replace(/"https:\/\/[^"]*redoc\.standalone\.js"/, '"./redoc.standalone.js"');
  if (local === built) throw new Error('The page of Redoc no longer loads redoc.standalone.js.');
  // Ours leaves a part of it out; the peer is measured whole.
  const { original } = await buildRedoc(contractFile);
  return {
    name: 'Redoc',
    address: '#/sessions/closesession',
    files: new Map<string, string | Uint8Array>([
      ['index.html', local],
      ['redoc.standalone.js', original],
    ]),
  };
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>SQL Sessions</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>${body}</body></html>`;
}
