import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { type PageReport, type ProbeInput, pageProbe } from './page-probe.ts';

export interface Load extends PageReport {
  requests: number;
  bytes: number;
  /** Bytes that had arrived when the parameters and the codes of all responses could be read. */
  bytesBefore: number | undefined;
  /** Requests to hosts other than the one that serves the page. They are refused. */
  foreign: number;
}

/** 10 Mbit/s with 40 ms to the first byte, and a processor at half speed. */
const NETWORK = { latency: 40, downloadThroughput: 1.25e6, uploadThroughput: 1.25e6 };
const CPU_SLOWDOWN = 2;
/** Milliseconds without a byte after which a page has all it wants. */
const QUIET = 1500;

/**
 * Opens a URL with an empty cache and waits until the page asks for nothing more.
 * @param patience milliseconds to wait for what has not become readable by then
 */
export async function loadPage(
  browser: Browser,
  url: string,
  probe: ProbeInput,
  { throttle, patience }: { throttle: boolean; patience: number },
): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const protocol = await context.newCDPSession(page);
    await protocol.send('Network.enable');
    await protocol.send('Network.setBlockedURLs', { urls: ['https://*'] });
    if (throttle) {
      await protocol.send('Network.emulateNetworkConditions', { offline: false, ...NETWORK });
      await protocol.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    }
    const received = new Map<string, number>();
    const sum = () => [...received.values()].reduce((total, each) => total + each, 0);
    const count = (id: string, bytes: number) => {
      received.set(id, bytes);
      lastBytes = performance.now();
    };
    let lastBytes = performance.now();
    let requests = 0;
    let foreign = 0;
    let document = '';
    let before: { all: number; document: number } | undefined;
    const { origin } = new URL(url);
    protocol.on('Network.requestWillBeSent', ({ request, requestId }) => {
      document ||= requestId;
      if (request.url.startsWith(origin)) requests += 1;
      else if (/^(https?|wss?):/.test(request.url)) foreign += 1;
    });
    protocol.on('Network.responseReceived', ({ requestId, response }) =>
      count(requestId, response.encodedDataLength),
    );
    protocol.on('Network.dataReceived', ({ requestId, encodedDataLength }) =>
      count(requestId, (received.get(requestId) ?? 0) + encodedDataLength),
    );
    protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      count(requestId, encodedDataLength),
    );
    const finished = new EventTarget();
    await page.exposeFunction('benchReadable', (milestone: string) => {
      if (milestone === 'overview') before = { all: sum(), document: received.get(document) ?? 0 };
      finished.dispatchEvent(new Event(milestone));
    });
    await page.addInitScript(pageProbe, probe);
    const everything = once(finished, 'everything');
    await page.goto(url, { waitUntil: 'load', timeout: 120_000 });
    // A page may go on asking other hosts for ever; only what it gets from its own counts.
    while (performance.now() - lastBytes < QUIET) await sleep(50);
    const read = () =>
      page.evaluate(() => (window as unknown as { benchReport: PageReport }).benchReport);
    if ((await read()).everything === undefined) {
      await Promise.race([everything, sleep(patience, undefined, { ref: false })]);
    }
    // The browser tells the size of the document when it has ended; all of it counts.
    const rest = (received.get(document) ?? 0) - (before?.document ?? 0);
    const bytesBefore = before && before.all + rest;
    return { ...afterPaint(await read()), requests, bytes: sum(), bytesBefore, foreign };
  } finally {
    await context.close();
  }
}

/** Text can be in the page before anything is painted, but nobody can read it then. */
function afterPaint(report: PageReport): PageReport {
  const { firstPaint = 0 } = report;
  const later = (time: number | undefined) => time && Math.max(time, firstPaint);
  return { ...report, overview: later(report.overview), everything: later(report.everything) };
}
