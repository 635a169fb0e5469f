import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildResult } from '@sql-sessions/contract/build';
import { liveSite } from './server/live-site.ts';
import { startSiteServer } from './server/site-server.ts';
import { ROOT } from './site/repository.ts';

export interface ServeOptions {
  /** 0 lets the system choose. */
  port: number;
  /** Default: `127.0.0.1`. */
  host?: string;
  /** Build in process and follow every save of the contract, a text or a style. Default: serve `docs/dist`. */
  watch?: boolean;
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
  onContract,
  root = ROOT,
}: ServeOptions): Promise<DocsServer> {
  if (!watch) {
    const folder = fileURLToPath(new URL('../dist', import.meta.url));
    await access(join(folder, 'index.html')).catch(() => {
      throw new Error(
        'The reference is not built: docs/dist has no index.html. Run "pnpm build" first.',
      );
    });
    return startSiteServer({ port, host, folder });
  }
  const live = await liveSite(root, onContract);
  try {
    const { folder, intercept } = live;
    const server = await startSiteServer({ port, host, folder, changing: true, intercept });
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
