import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildResult, watchContract, watchFolders } from '@sql-sessions/contract/build';
import { buildSite, type Site, type SiteCache } from '../build-site.ts';
import { writeSite } from '../site/write-site.ts';
import { callingMock } from './calling-mock.ts';
import { OpenPages, reloadScript } from './open-pages.ts';
import { problemPage } from './problem-page.ts';

const FOLDERS = ['spec', 'spec/releases', 'docs', 'docs/guides', 'docs/decisions', 'docs/src'];
const SEEN = /\.(md|yaml|css)$/;
/** Milliseconds without a save after which versions are compared, which takes longer than all the rest. */
const QUIET = 1_000;

export interface LiveSite {
  /** Where the site is at this moment. */
  folder: string;
  intercept(path: string, response: ServerResponse): boolean;
  close(): Promise<void>;
}

/**
 * The site as it is at this moment: rebuilt at every save of the contract, a text or the style, after which the open
 * pages that are different now reload. While the contract is broken every page shows what is wrong with it.
 */
export async function liveSite(
  root: string,
  mockUrl: string,
  onContract: (result: BuildResult) => void = () => {},
): Promise<LiveSite> {
  let cache: SiteCache = {};
  let written: Site['files'] = new Map();
  let timer: NodeJS.Timeout | undefined;
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-docs-'));
  /** What is wrong with the contract, and with the site as a whole. */
  let broken: string | null = null;
  let problem: string | null = null;
  let building = false;
  let again = false;
  let closed = false;
  let done: Promise<void> = Promise.resolve();
  const pages = new OpenPages();

  function rebuild(): Promise<void> {
    again = true;
    if (!building) done = build();
    return done;
  }

  async function build(): Promise<void> {
    building = true;
    clearTimeout(timer);
    let compare: Site['compare'] = null;
    while (again && !closed) {
      again = false;
      try {
        if (broken === null) {
          const site = await buildSite({ root, hurry: true }, cache);
          const files = withReload(callingMock(site.files, mockUrl));
          await writeSite({ files }, folder, written);
          written = files;
          compare = site.compare;
        }
        problem = broken;
      } catch (error) {
        fail(error);
      }
    }
    building = false;
    pages.changed();
    if (problem === null && compare && !closed) {
      timer = setTimeout(() => compare?.().then(rebuild, fail), QUIET);
    }
  }

  function fail(error: unknown): void {
    problem = error instanceof Error ? error.message : String(error);
    cache = {};
    written = new Map();
    pages.changed();
  }

  const watcher = watchFolders(rebuild);
  for (const name of FOLDERS) {
    const path = join(root, name);
    if (!existsSync(path)) continue;
    const matters = (file: string) => {
      if (file.endsWith('.css')) cache = { ...(cache.redoc && { redoc: cache.redoc }) };
      // The contract itself is watched with all that it refers to, below.
      return SEEN.test(file) && !(name === 'spec' && file.endsWith('.yaml'));
    };
    watcher.follow(path, matters, name === 'docs/src');
  }
  let started = false;
  const contract = await watchContract(join(root, 'spec'), (result) => {
    onContract(result);
    broken = result.ok ? null : result.report;
    if (started) void rebuild();
  });
  started = true;
  await rebuild();

  return {
    folder,
    intercept(path, response) {
      if (pages.intercept(path, response)) return true;
      if (problem === null || !isPage(path)) return false;
      response.writeHead(500, {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
      });
      response.end(problemPage(problem, reloadScript(problem)));
      return true;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      contract.close();
      watcher.close();
      pages.close();
      // What is being built is written into the folder.
      await done;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function isPage(path: string): boolean {
  return path === '' || path.endsWith('/') || path.endsWith('.html');
}

/** Makes the pages follow what is served. */
function withReload(files: Map<string, string | Uint8Array>): Map<string, string | Uint8Array> {
  for (const [name, content] of files) {
    if (!name.endsWith('.html')) continue;
    const page = String(content);
    files.set(name, page.replace('</body>', `${reloadScript(page)}\n</body>`));
  }
  return files;
}
