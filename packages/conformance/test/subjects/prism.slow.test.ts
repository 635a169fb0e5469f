import { fileURLToPath } from 'node:url';
import { start } from '@sql-sessions/testing/process';
import { expect, test } from 'vitest';
import known from '../../known/prism.json' with { type: 'json' };
import { verify } from '../../src/verify.ts';

const PRISM = fileURLToPath(import.meta.resolve('@stoplight/prism-cli'));
const CONTRACT = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));

async function startPrism(port: string) {
  const prism = start(process.execPath, [PRISM, 'mock', '-h', '127.0.0.1', '-p', port, CONTRACT]);
  const [, url = ''] = await prism.waitFor(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
  return { ...prism, url };
}

test('what plain Prism does is a list of known departures', async () => {
  let prism = await startPrism('0');
  const { url } = prism;
  let restarts = 0;
  try {
    const { report } = await verify({
      baseUrl: url,
      seed: 1,
      runs: 5,
      // It hangs on several requests; all others are responded in milliseconds.
      timeout: 4000,
      known,
      operations: ['closeSession'],
      setup: () => ({
        requiresToken: false,
        live: async () => ({ params: { workspace_id: 'w-1', session_id: 's-1' } }),
        async restart() {
          restarts++;
          await prism.stop('SIGKILL');
          prism = await startPrism(new URL(url).port);
        },
      }),
    });
    const broken = report.checks.filter(
      ({ outcome, level }) => outcome === 'failed' && level === 'contract',
    );
    expect(broken.map(({ id, findings }) => [id, findings.map(({ message }) => message)])).toEqual(
      [],
    );
    expect(report.summary.known).toBeGreaterThan(0);
    expect(restarts).toBeGreaterThan(0);
  } finally {
    await prism.stop('SIGKILL');
  }
}, 240_000);
