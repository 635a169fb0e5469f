import { expect, test } from 'vitest';
import { habits } from './server/habits.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

test.for(habits)('no false alarm: $name', async ({ name: _, ...options }) => {
  await using twin = await startTwin(options);
  const { report } = await verifyTwin(twin, { runs: 8 });
  const broken = report.checks.filter(
    ({ outcome, level }) => outcome === 'failed' && level === 'contract',
  );
  expect(
    broken.map(({ id, findings }) => [id, findings[0]?.message]),
    `seed ${report.seed}`,
  ).toEqual([]);
  expect(report).toMatchObject({ ok: true, error: null, cutShort: null });
});

test('there are forty of them', () => {
  expect(new Set(habits.map(({ name }) => name)).size).toBeGreaterThanOrEqual(40);
});
