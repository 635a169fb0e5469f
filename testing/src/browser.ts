import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { run } from './process.ts';

const FLAGS = [
  // Ask no host but the one under test.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
  // Containers and root have no user namespaces for Chromium's sandbox; the pages are our own.
  '--no-sandbox',
  '--disable-gpu',
];

/**
 * Starts a headless Chromium: the one that `CHROMIUM_PATH` names, else the one that the npm registry
 * ships for Linux on x64, else an installed Chrome. Rejects with what to do where there is none.
 * `flags` are command-line flags beside the usual ones.
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const args = [...FLAGS, ...flags];
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and no such file exists.`);
    return chromium.launch({ executablePath: named, args });
  }
  if (process.platform === 'linux' && process.arch === 'x64') return launchPackaged(args);
  try {
    return await chromium.launch({ channel: 'chrome', args });
  } catch (cause) {
    throw new Error(
      'No browser for the tests: install Chrome, or set CHROMIUM_PATH to a Chromium of yours.',
      { cause },
    );
  }
}

async function launchPackaged(args: string[]): Promise<Browser> {
  const folder = await unpack();
  const options = { executablePath: join(folder, 'chromium'), args };
  const fonts = existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') };
  try {
    return await chromium.launch({ ...options, env: { ...process.env, ...fonts } });
  } catch (error) {
    if (!String(error).includes('error while loading shared libraries')) throw error;
    // A bare machine lacks NSS and friends; the package brings them for such a case.
    const env = { ...process.env, ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
    return chromium.launch({ ...options, env });
  }
}

/**
 * Unpacks the packaged Chromium once per checkout. It happens in a folder of its own that is renamed at the end:
 * tests run in parallel and can be interrupted, and half a browser must never be taken for a whole one.
 */
async function unpack(): Promise<string> {
  // Inside the package's own folder, so that another version of it never meets this one's files.
  const bin = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));
  const folder = join(bin, 'unpacked');
  if (existsSync(folder)) return folder;
  const partial = await mkdtemp(join(bin, 'partial-'));
  const script = fileURLToPath(new URL('unpack-chromium.ts', import.meta.url));
  const { code, stderr } = await run(process.execPath, [script, bin], { env: { TMPDIR: partial } });
  if (code !== 0) throw new Error(`The packaged Chromium cannot be unpacked: ${stderr}`);
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  return folder;
}
