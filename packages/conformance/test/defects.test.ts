import { fileURLToPath } from 'node:url';
import { readFixture } from '@sql-sessions/testing/contracts';
import { run } from '@sql-sessions/testing/process';
import { slow } from '@sql-sessions/testing/slow';
import { expect, test } from 'vitest';
import { allChecks } from '../src/checks/all-checks.ts';
import { Secrets } from '../src/http/secrets.ts';
import type { Finding, Report } from '../src/report/report.ts';
import { shownRequest } from '../src/report/to-finding.ts';
import { variableOf } from '../src/values/credentials.ts';
import { verify } from '../src/verify.ts';
import { TOKENS } from './server/behavior.ts';
import { basicDefects } from './server/defects.ts';
import { liveDefects } from './server/live-defects.ts';
import { modelDefects } from './server/model-defects.ts';
import { credentialOf, startModelServer } from './server/model-server.ts';
import { startRecorder } from './server/recorder.ts';
import { startTwin, verifyTwin } from './server/twin.ts';

/** The folder of an nc, for machines that have none. */
const NC = fileURLToPath(new URL('server/bin', import.meta.url));

/** What a reader of a report sets before running its commands. */
const variables = {
  SQL_SESSIONS_TOKEN: TOKENS.main,
  SQL_SESSIONS_SECOND_TOKEN: TOKENS.second,
  SQL_SESSIONS_FORBIDDEN_TOKEN: TOKENS.suspended,
  [variableOf('TenantToken')]: credentialOf('TenantToken'),
};

/** Checks that need nothing of the setup and send one request at a time. */
const repeatable = new Set(
  allChecks
    .filter(({ id, needs = [], passive }) => needs.length === 0 && !passive && id !== 'burst')
    .map(({ id }) => id),
);
const env = { ...variables, PATH: `${process.env.PATH}:${NC}` };

/** What `pnpm test` tries of them. */
const part = <Defect extends object>(all: readonly Defect[]) =>
  all.filter((defect, index) => slow || (index % 2 === 0 && !('isSlow' in defect)));
const defects = [...basicDefects, ...liveDefects];

/** What curl writes in another order means the same, and long texts are cut in a report. */
function normalized(request: string, byCurl: boolean): string {
  const [head = '', ...body] = request.replace(/(.)\1{99,}.*/gs, '$1…').split('\n\n');
  const [line = '', ...fields] = head.split('\n').map((field) => field.trimEnd());
  // Those that curl adds.
  const own = /^(user-agent: curl|accept: \*\/\*|expect: 100|connection: close|content-length: )/i;
  const told = byCurl ? fields.filter((field) => !own.test(field)).toSorted() : fields;
  return [line, ...told, '', ...body].join('\n');
}

/** Runs the command of a finding against the server that was checked: the same comes back. */
async function expectSame({ curl, response }: Finding): Promise<void> {
  const [status] = /^HTTP\/1\.1 \d+/.exec(response ?? '') ?? [];
  if (curl === null || status === undefined) return;
  const { stdout } = await run('sh', ['-c', curl], { env });
  expect(stdout.replace(/^HTTP\/1\.1 100 Continue\s+/, '').replace('/1.0', '/1.1'), curl).toMatch(
    new RegExp(`^${status}\\b`),
  );
}

/** How often the checks send a request at the same moment. */
const TIMES: Record<string, number> = { burst: 100, parallel: 8 };

/** Runs the command of a finding against a server that keeps the bytes: they are those that were shown. */
async function expectReproduced(
  id: string,
  { curl, request }: Finding,
  host: string,
): Promise<void> {
  if (curl === null || request === null) return;
  await using recorder = await startRecorder();
  const [name = '', port = ''] = host.split(':');
  const there = curl
    .replaceAll(host, recorder.host)
    .replaceAll(`nc ${name} ${port}`, `nc ${recorder.host.replace(':', ' ')}`);
  const done = await run('sh', ['-c', there], { env });
  const all = recorder.heard().filter((text) => text.includes('\r\n\r\n'));
  expect(all, `${there}\n${done.stderr}`).toHaveLength(TIMES[id] ?? 1);
  const sent = shownRequest(Buffer.from(all.at(-1) ?? '', 'latin1'), new Secrets(variables));
  const byCurl = /(^|[|{;] )curl /.test(curl);
  expect(normalized(sent.replaceAll(recorder.host, host), byCurl), curl).toBe(
    normalized(request, byCurl),
  );
}

async function expectCaught(report: Report, checks: readonly string[], url: string): Promise<void> {
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ id }) => id)).toEqual(expect.arrayContaining([...checks]));
  const caught = failed.filter(({ id }) => checks.includes(id));
  // Whoever reads it can send the request again, and knows what to do.
  for (const { findings, hint } of caught) {
    expect(findings[0]?.curl).toMatch(/^(curl|printf|for) /);
    expect(hint).not.toBe('');
  }
  for (const { id, findings } of caught) {
    for (const finding of findings) {
      await expectReproduced(id, finding, new URL(url).host);
      // A subject of the setup is gone when the run is over.
      if (repeatable.has(id) && !/Session-\d|main-ws/.test(`${finding.curl}`))
        await expectSame(finding);
    }
  }
  // What breaks the contract fails a run as it is without any option.
  if (caught.some(({ level }) => level === 'contract')) expect(report.ok).toBe(false);
}

test.for(part(defects))(
  'a server that $name is caught',
  async ({ checks, with: also = [], ...defect }) => {
    await using twin = await startTwin(defect);
    const { timeout, responseTime } = defect;
    const only = [...checks, ...also];
    const { report } = await verifyTwin(twin, { seed: 1, only, timeout, responseTime });
    await expectCaught(report, checks, twin.url);
  },
);

test.for(part(modelDefects))(
  'a server that $name is caught in $operation',
  async ({ operation, checks, ...options }) => {
    const contract = readFixture('family');
    await using server = await startModelServer(contract, options);
    const { report } = await verify({
      baseUrl: server.url,
      contract,
      operations: [operation],
      setup: () => server.setup(),
      seed: 1,
      only: [...checks, 'success'],
    });
    await expectCaught(report, checks, server.url);
  },
);

test('every check has a defect that it catches', () => {
  const caught = new Set([...defects, ...modelDefects].flatMap(({ checks }) => checks));
  // Headers of a response are judged where it is asked for: `success` finds them first. The other has its own test.
  const first = ['token-alternatives', 'response-status', 'response-headers'];
  expect(allChecks.map(({ id }) => id).filter((id) => !caught.has(id))).toEqual(first);
  expect(defects.length + modelDefects.length).toBeGreaterThanOrEqual(130);
  const names = [...defects, ...modelDefects].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
