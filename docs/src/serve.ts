import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildResult } from '@sql-sessions/contract/build';
import { MOCK_URL } from './request/request-form.ts';
import { callingMock } from './server/calling-mock.ts';
import { liveSite } from './server/live-site.ts';
import { startSiteServer } from './server/site-server.ts';
import { ROOT } from './site/repository.ts';
import { writeSite } from './site/write-site.ts';

export interface ServeOptions {
  /** 0 lets the system choose. */
  port: number;
  /** Default: `127.0.0.1`. */
  host?: string;
  /** Build in process and follow every save of the contract, a text or a style. Default: serve `docs/dist`. */
  watch?: boolean;
  /** Where samples and forms call the mock. Default: `http://127.0.0.1:4010`. */
  mockUrl?: string;
  /** With `watch`: told of every build of the contract, the first one included. */
  onContract?: (result: BuildResult) => void;
  /** Top of the repository to watch. Default: this one. */
  root?: string;
}

export interface DocsServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the reference. Rejects with the system's error where the port cannot be had (`code` is `EADDRINUSE` for a
 * taken one), and with what to do where nothing has been built.
 */
export async function serveDocs({
  port,
  host = '127.0.0.1',
  watch = false,
  mockUrl = MOCK_URL,
  onContract,
  root = ROOT,
}: ServeOptions): Promise<DocsServer> {
  const live = watch
    ? await liveSite(root, mockUrl, onContract)
    : { ...(await builtSite(mockUrl)), intercept: () => false };
  try {
    const { folder, intercept } = live;
    const server = await startSiteServer({ port, host, folder, intercept });
    return {
      url: server.url,
      async close() {
        await server.close();
        await live.close();
      },
    };
  } catch (error) {
    await live.close();
    throw error;
  }
}

/** The folder of the built site. With another mock than the usual one it is a copy, which `close` removes. */
async function builtSite(mockUrl: string): Promise<{ folder: string; close(): Promise<void> }> {
  const dist = fileURLToPath(new URL('../dist', import.meta.url));
  await access(join(dist, 'index.html')).catch(() => {
    throw new Error(
      'The reference is not built: docs/dist has no index.html. Run "pnpm build" first.',
    );
  });
  if (mockUrl.replace(/\/$/, '') === MOCK_URL) return { folder: dist, close: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-docs-'));
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(dist, path).replaceAll(sep, '/'), await readFile(path)] as const;
    });
  await writeSite({ files: callingMock(new Map(await Promise.all(files)), mockUrl) }, folder);
  return { folder, close: () => rm(folder, { recursive: true, force: true }) };
}
