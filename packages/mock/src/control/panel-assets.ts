import { readFile } from 'node:fs/promises';
import type { MockResponse } from '../http/message.ts';

/** The built files that are served under the control path. */
const ASSETS: Record<string, { file: string; type: string }> = {
  '': { file: 'panel/panel.html', type: 'text/html; charset=utf-8' },
  '/panel.css': { file: 'panel/panel.css', type: 'text/css; charset=utf-8' },
  '/openapi.json': { file: 'control-api.json', type: 'application/json' },
  '/panel.js': { file: 'panel/panel.js', type: 'text/javascript; charset=utf-8' },
};

/** The panel runs its own files and talks to its own origin, and does nothing else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const dist = new URL('dist/', import.meta.resolve('@sql-sessions/mock/package.json'));

/** A file of the panel, or the description of the API; undefined for any other path. */
export async function readAsset(path: string): Promise<MockResponse | undefined> {
  const asset = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
  if (!asset) return undefined;
  return {
    status: 200,
    headers: {
      'content-type': asset.type,
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
    body: await readFile(new URL(asset.file, dist), 'utf8'),
  };
}
