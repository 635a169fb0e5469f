import { once } from 'node:events';
import type { Server } from 'node:http';
import { expect, test } from 'vitest';
import { correct, TOKENS } from './server/behavior.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

const outcomes = (checks: readonly { id: string; outcome: string }[]) =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));

test('what needs a missing capability is not exercised and never passed', async () => {
  await using twin = await startTwin();
  const { report } = await verifyTwin(twin, { setup: () => ({ token: TOKENS.main }), seed: 1 });
  expect(report.summary).toMatchObject({ failed: 0, known: 0 });
  const left = report.checks.filter(({ outcome }) => outcome === 'not-exercised');
  expect(left.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'success',
      'timeout-status',
      'inner-fault-status',
      'tenant-isolation',
      'forbidden-shape',
      'token-missing',
      'id-not-trimmed',
    ]),
  );
  expect(left.find(({ id }) => id === 'tenant-isolation')?.reason).toBe(
    'the setup has no `secondTenant` and no `live`',
  );
  expect(report.ok).toBe(true);
  expect(report.statuses.find(({ status }) => status === '408')?.seen).toBe(0);
});

test('without `isOpen` nothing is said about what survives', async () => {
  await using twin = await startTwin();
  const { report } = await verifyTwin(twin, {
    setup: () => ({
      ...twin.capabilities,
      live: async (operation) => ({
        params: (await twin.capabilities.live?.(operation))?.params ?? {},
      }),
    }),
    only: ['success', 'removed-for-real', 'id-not-trimmed', 'method-override-ignored'],
  });
  expect(outcomes(report.checks)).toEqual({
    success: 'passed',
    'removed-for-real': 'not-exercised',
    'method-override-ignored': 'not-exercised',
    'id-not-trimmed': 'not-exercised',
  });
});

test('strict fails a run that left something out', async () => {
  await using twin = await startTwin();
  const { report } = await verifyTwin(twin, {
    setup: () => ({ token: TOKENS.main }),
    only: ['success', 'unknown-id'],
    strict: true,
  });
  expect(report).toMatchObject({ ok: false, summary: { failed: 0, 'not-exercised': 1 } });
});

test('a known departure is shown with its reason and fails nothing', async () => {
  await using twin = await startTwin({ behavior: { unknown: () => ({ status: 200 }) } });
  const known = [
    { check: 'unknown-id', finding: 'expected 404, got 200', reason: 'every id is open here' },
  ];
  const { report } = await verifyTwin(twin, { only: ['unknown-id'], known });
  expect(report.ok).toBe(true);
  expect(report.checks).toMatchObject([{ outcome: 'known', reason: 'every id is open here' }]);
  expect(report.checks[0]?.findings[0]?.message).toContain('expected 404, got 200');
});

test('a known departure that is gone fails', async () => {
  await using twin = await startTwin();
  const known = [
    { check: 'unknown-id', finding: 'expected 404, got 200', reason: 'every id is open here' },
  ];
  const { report } = await verifyTwin(twin, { only: ['unknown-id'], known });
  expect(report.ok).toBe(false);
  expect(report.checks[0]?.findings[0]?.message).toContain('take it off the list');
});

test('each of two known departures covers what it names', async () => {
  await using twin = await startTwin({ behavior: { unknown: () => ({ status: 200 }) } });
  const known = ['expected 404, got 200', 'no such id exists'].map((finding) => ({
    check: 'unknown-id',
    finding,
    reason: 'every id is open here',
  }));
  const { report } = await verifyTwin(twin, { only: ['unknown-id'], known });
  expect(report.checks).toMatchObject([{ outcome: 'known' }]);
});

test.for<[object, RegExp]>([
  [{ runs: 0 }, /`runs` is 0: expected a number above 0/],
  [{ rate: Number.NaN }, /`rate` is NaN/],
  [{ only: 'success' }, /`only` is no list: expected a list of ids/],
  [
    { known: [{ check: 'unknown-id', operation: 'nothing', finding: 'x', reason: 'y' }] },
    /known, entry 1 \(unknown-id\): unknown operation "nothing". The contract has endSession/,
  ],
])('options that are invalid: %j', async ([options, message]) => {
  await using twin = await startTwin();
  await expect(verifyTwin(twin, options)).rejects.toMatchObject({
    kind: 'input',
    message: expect.stringMatching(message),
  });
});

/** Ends itself at the first malformed escape, as a crash would, and listens again when it is told to. */
function mortal(twinOptions: { onServer?: (server: Server) => void } = {}) {
  return startTwin({
    wrap(server) {
      twinOptions.onServer?.(server);
      server.prependListener('request', (request) => {
        if (!request.url?.includes('%ZZ')) return;
        server.close();
        server.closeAllConnections();
      });
      return server;
    },
  });
}

test('after a server has died, the rest is not exercised', async () => {
  await using twin = await mortal();
  const { report } = await verifyTwin(twin, {
    only: ['unknown-id', 'id-malformed-escape', 'body-absent', 'burst', 'response-status'],
  });
  expect(outcomes(report.checks)).toEqual({
    'id-malformed-escape': 'failed',
    'unknown-id': 'not-exercised',
    'body-absent': 'not-exercised',
    burst: 'not-exercised',
    'response-status': 'passed',
  });
  expect(report.checks[0]?.findings[0]?.curl).toContain('%ZZ');
});

test('a setup that can restart the server lets the run go on', async () => {
  let server: Server | undefined;
  await using twin = await mortal({
    onServer(one) {
      server = one;
    },
  });
  const { report } = await verifyTwin(twin, {
    setup: () => ({
      ...twin.capabilities,
      async restart() {
        server?.listen(Number(new URL(twin.url).port), '127.0.0.1');
        if (server) await once(server, 'listening');
      },
    }),
    only: ['unknown-id', 'id-malformed-escape', 'body-absent', 'burst'],
  });
  expect(outcomes(report.checks)).toEqual({
    'id-malformed-escape': 'failed',
    'unknown-id': 'passed',
    'body-absent': 'passed',
    burst: 'passed',
  });
});

test('the same seed sends the same requests, another seed others', async () => {
  const targets = async (seed: number) => {
    await using twin = await startTwin();
    const { har } = await verifyTwin(twin, {
      seed,
      only: ['id-characters', 'id-unicode', 'unknown-id'],
    });
    return har.log.entries.map(({ request }) => new URL(request.url).pathname);
  };
  const first = await targets(7);
  expect(await targets(7)).toEqual(first);
  expect(await targets(8)).not.toEqual(first);
});

test('a failing input shrinks to the smallest one', async () => {
  await using twin = await startTwin({
    behavior: { allows: (id) => correct.allows(id) || id.length > 40 },
  });
  const { report } = await verifyTwin(twin, { seed: 2, only: ['id-too-long'] });
  // 37 to 40 characters are refused as they should be: 41 is where it breaks.
  expect(report.checks[0]?.findings[0]?.message).toContain(`_id is ${'a'.repeat(41)},`);
});

test('a setup that fails is a failure, and is closed all the same', async () => {
  await using twin = await startTwin();
  let closed = 0;
  const { report } = await verifyTwin(twin, {
    setup: () => ({
      ...twin.capabilities,
      live: async () => Promise.reject(new Error('no database')),
      close: async () => {
        closed++;
      },
    }),
    only: ['success'],
  });
  expect(report).toMatchObject({
    ok: false,
    error: "the setup's `live` failed: no database",
    summary: { failed: 0, 'not-exercised': 1 },
  });
  expect(closed).toBe(1);
});

test('everything that the setup prepared is released', async () => {
  await using twin = await startTwin();
  const open = new Set<object>();
  const { report } = await verifyTwin(twin, {
    setup: () => ({
      ...twin.capabilities,
      async live(operation) {
        const subject = await twin.capabilities.live?.(operation);
        if (!subject) return undefined;
        open.add(subject);
        return {
          ...subject,
          release: async () => {
            open.delete(subject);
          },
        };
      },
    }),
  });
  expect(report.summary.failed).toBe(0);
  expect(open.size).toBe(0);
});
