import { slow } from '@sql-sessions/testing/slow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../src/report/report.ts';
import { verify } from '../src/verify.ts';
import { contract } from './server/contract.ts';
import {
  buildStack,
  isInstalled,
  programOf,
  proxies,
  type Stack,
  stacks,
  startProxy,
  startStack,
} from './servers/stacks.ts';

const found = ({ checks }: Report, level: string) =>
  checks
    .filter((check) => check.outcome === 'failed' && check.level === level)
    .flatMap(({ id, findings }) => findings.map(({ message }) => `${id}: ${message}`));

/** What a stack's HTTP layer cannot do, each with a request that shows it byte by byte. */
function expectDepartures(report: Report, { departures = [] }: Stack): void {
  const http = report.checks.filter(
    ({ outcome, level }) => outcome === 'failed' && level === 'http',
  );
  for (const { id, findings } of http) {
    for (const { message, curl } of findings) {
      const known = departures.some(([check, text]) => check === id && message.includes(text));
      expect(known, `${id}: ${message}`).toBe(true);
      if (!/does not respond/.test(message)) expect(curl).toMatch(/^printf .* \| nc /s);
    }
  }
}

/** What is left out here, with the reason: said at the end, for a skipped test is easily overlooked. */
const leftOut: string[] = [];
afterAll(() => {
  for (const row of leftOut) {
    const line = `packages/conformance/test/stacks.test.ts: ${row}.`;
    console.log(process.env.GITHUB_ACTIONS ? `::notice title=Not tested here::${line}` : line);
  }
});

function isMissing(name: string, program: string): boolean {
  const missing = !isInstalled(program);
  if (missing) leftOut.push(`${name} is left out: ${program} is not on this machine`);
  return missing;
}

const here = slow ? stacks : stacks.filter((stack) => /node|python/.test(programOf(stack)));
describe.each(here)('$name', (source) => {
  const missing = isMissing(source.name, programOf(source));
  let stack: Awaited<ReturnType<typeof buildStack>>;
  beforeAll(async () => {
    if (!missing) stack = await buildStack(source);
  });
  afterAll(() => stack?.[Symbol.asyncDispose]());

  test.skipIf(missing)('green as it is', async () => {
    await using server = await startStack(stack);
    const options = { token: 'main-token-1234', contract };
    const { report } = await verify({ baseUrl: server.url, ...options });
    expect(found(report, 'contract'), `seed ${report.seed}`).toEqual([]);
    expect(report.ok).toBe(true);
    expectDepartures(report, stack);
  });

  if (source.stateless) return;
  test.skipIf(missing)('green with its setup', async () => {
    await using server = await startStack(stack);
    const { setup = 'it printed no setup' } = server;
    const { report } = await verify({ baseUrl: server.url, setup, contract });
    expect(report.error).toBeNull();
    expect(found(report, 'contract'), `seed ${report.seed}`).toEqual([]);
    expect(report).toMatchObject({ ok: true, summary: { 'not-exercised': 0 } });
    expect(report.statuses.filter(({ seen }) => seen === 0)).toEqual([]);
    expectDepartures(report, stack);
  });
});

describe.each(slow ? proxies : [])('behind $name', (proxy) => {
  const missing = isMissing(proxy.name, proxy.program);

  test.skipIf(missing)('green with its setup', async () => {
    await using server = await startStack(stacks[0] as Stack);
    await using front = await startProxy(proxy, server.url);
    const { report } = await verify({ baseUrl: front.url, setup: server.setup, contract });
    expect(report.error).toBeNull();
    expect(found(report, 'contract'), `seed ${report.seed}`).toEqual([]);
    expect(report.ok).toBe(true);
  });
});
