import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Flags that keep Chromium from asking any host but the one under test. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  '--no-proxy-server',
];

/**
 * Starts a headless Chromium: the one named by `CHROMIUM_PATH`, else the one that the npm registry
 * ships for Linux on x64, else an installed Chrome. Rejects with what to do where there is none.
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and no such file exists.`);
    return chromium.launch({ executablePath: named, args: [...QUIET, ...sandbox()] });
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    return chromium.launch({
      executablePath: await sparticuz.executablePath(),
      args: [...sparticuz.args.filter((flag) => !flag.startsWith('--headless')), ...QUIET],
    });
  }
  try {
    return await chromium.launch({ channel: 'chrome', args: QUIET });
  } catch (cause) {
    throw new Error(
      'No browser for the tests: install Chrome, or set CHROMIUM_PATH to a Chromium of yours.',
      { cause },
    );
  }
}

/** Chromium's sandbox does not work for root. */
function sandbox(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
