import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { BuildResult } from '../../../spec/build/build-contract.ts';
import { watchContract } from '../../../spec/build/watch-contract.ts';
import { buildSite, type SiteCache } from '../build-site.ts';
import { problemPage, RELOAD_SCRIPT } from './problem-page.ts';
import type { SiteFiles } from './site-server.ts';

const EVENTS = '-/changes';
const SCRIPT = '-/reload.js';
const FOLDERS = ['spec', 'spec/releases', 'docs', 'docs/guides', 'docs/decisions', 'docs/src'];
const SEEN = /\.(md|yaml|css|hbs)$/;

export interface LiveSite {
  files(): SiteFiles;
  intercept(path: string, response: ServerResponse): boolean;
  close(): void;
}

/**
 * The site as it is at this moment: rebuilt at every save of the contract, a text or the style, after which open
 * pages reload. While the contract is broken every page shows what is wrong with it.
 */
export async function liveSite(
  root: string,
  onContract: (result: BuildResult) => void = () => {},
): Promise<LiveSite> {
  const listeners = new Set<ServerResponse>();
  let cache: SiteCache = {};
  let files: SiteFiles = new Map();
  /** What is wrong with the contract, and with the site as a whole. */
  let broken: string | null = null;
  let problem: string | null = null;
  let building = false;
  let again = false;

  async function rebuild(): Promise<void> {
    if (building) {
      again = true;
      return;
    }
    building = true;
    do {
      again = false;
      try {
        if (broken === null) files = withReload((await buildSite({ root }, cache)).files);
        problem = broken;
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        cache = {};
      }
    } while (again);
    building = false;
    for (const listener of listeners) listener.write('data: changed\n\n');
  }

  let timer: NodeJS.Timeout | undefined;
  const watchers = await Promise.all(
    FOLDERS.map(async (folder) => {
      const path = join(root, folder);
      if (!(await readdir(path).catch(() => null))) return null;
      return watch(path, { recursive: folder === 'docs/src' }, (_event, name) => {
        if (name !== null && !SEEN.test(name)) return;
        // The contract itself is watched with all that it refers to, below.
        if (folder === 'spec' && name?.endsWith('.yaml')) return;
        if (name?.endsWith('.css')) cache = { ...(cache.redoc && { redoc: cache.redoc }) };
        clearTimeout(timer);
        timer = setTimeout(rebuild, 30);
      });
    }),
  );
  let started = false;
  const contract = await watchContract(join(root, 'spec'), (result) => {
    onContract(result);
    broken = result.ok ? null : result.report;
    if (started) void rebuild();
  });
  started = true;
  await rebuild();

  return {
    files: () => files,
    intercept(path, response) {
      if (path === EVENTS) {
        response.writeHead(200, {
          'Content-Type': 'text/event-stream',
          'Cache-Control': 'no-store',
        });
        response.write(':\n\n');
        listeners.add(response);
        response.once('close', () => listeners.delete(response));
        return true;
      }
      if (path === SCRIPT) {
        response.writeHead(200, {
          'Content-Type': 'text/javascript; charset=utf-8',
          'Cache-Control': 'no-store',
        });
        response.end(RELOAD_SCRIPT);
        return true;
      }
      if (problem === null || !isPage(path)) return false;
      response.writeHead(500, {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
      });
      response.end(problemPage(problem, `/${SCRIPT}`));
      return true;
    },
    close() {
      clearTimeout(timer);
      contract.close();
      for (const watcher of watchers) watcher?.close();
      for (const listener of listeners) listener.end();
    },
  };
}

function isPage(path: string): boolean {
  return path === '' || path.endsWith('/') || path.endsWith('.html');
}

function withReload(files: Map<string, string | Uint8Array>): SiteFiles {
  const changed = new Map<string, string | Uint8Array>();
  for (const [name, content] of files) {
    changed.set(
      name,
      name.endsWith('.html') && typeof content === 'string'
        ? content.replace('</body>', `<script type="module" src="/${SCRIPT}"></script>\n</body>`)
        : content,
    );
  }
  return changed;
}
