import { writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { listen } from '@sql-sessions/testing/listen';
import { runServer } from 'verdaccio';

export interface Registry extends AsyncDisposable {
  url: string;
  /** An npm configuration that sends our scope here, with the right to publish; all else goes where it always goes. */
  npmrc: string;
}

/** A real npm registry on loopback, with its storage in `folder`. It asks no other registry for anything. */
export async function startRegistry(folder: string): Promise<Registry> {
  const server = (await runServer({
    self_path: join(folder, 'verdaccio.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: {},
    packages: { '@sql-sessions/*': { access: '$all', publish: '$authenticated' } },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  } as never)) as Server;
  const listening = await listen(server);
  const url = `${listening.url}/`;

  const response = await fetch(`${url}-/user/org.couchdb.user:rehearsal`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'rehearsal', password: 'only-on-loopback' }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined) throw new Error(`The registry gave no token: ${response.status}`);
  const npmrc = `@sql-sessions:registry=${url}\n${url.slice('http:'.length)}:_authToken=${token}\n`;
  await writeFile(join(folder, '.npmrc'), npmrc);
  return { ...listening, url, npmrc };
}
