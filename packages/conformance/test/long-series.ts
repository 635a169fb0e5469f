/**
 * The long series: what takes too long for every change. Servers that keep the contract get no finding at its level,
 * whatever the seed, and a run stays within its budget of time, requests and memory. `pnpm run series` in this package;
 * an argument chooses the parts whose names contain it.
 */
import { readFixture } from '@sql-sessions/testing/contracts';
import type { Verification } from '../src/verify.ts';
import { verify } from '../src/verify.ts';
import { correct } from './server/behavior.ts';
import { contract } from './server/contract.ts';
import { habits } from './server/habits.ts';
import { startModelServer } from './server/model-server.ts';
import { startTwin, type TwinOptions, verifyTwin } from './server/twin.ts';
import { buildStack, isInstalled, programOf, stacks, startStack } from './servers/stacks.ts';

const seeds = (count: number) =>
  Array.from({ length: count }, (_, index) => index * 104_729 - 1_000_000);
const seconds = (since: number) => Math.round((performance.now() - since) / 100) / 10;

async function twin(options: TwinOptions, seed: number): Promise<Verification> {
  await using server = await startTwin(options);
  return await verifyTwin(server, { seed });
}

async function model(document: object, seed: number): Promise<Verification> {
  await using server = await startModelServer(document);
  return await verify({
    baseUrl: server.url,
    contract: document,
    setup: () => server.setup(),
    seed,
  });
}

/** `family` so many times over. */
function manyOperations(times: number): object {
  const family = readFixture('family');
  const copies = Array.from({ length: times }, (_, index) =>
    Object.entries(family.paths).map(([path, item]) => [
      path.replace('/v1/', `/v1/part-${index}/`),
      JSON.parse(JSON.stringify(item).replace(/("operationId":"\w+)/g, `$1${index}`)),
    ]),
  );
  return { ...family, paths: Object.fromEntries(copies.flat()) };
}

const slowly: TwinOptions = {
  behavior: { send: (...given) => void setTimeout(() => correct.send(...given), 300) },
};

interface Part {
  name: string;
  runs: (() => Promise<Verification>)[];
  /** Seconds that all of its runs may take together. */
  budget?: number;
  missing?: boolean;
}

const parts: Part[] = [
  { name: 'a local run', runs: [() => twin({}, 1)], budget: 20 },
  { name: 'a run with 300 ms per response', runs: [() => twin(slowly, 1)], budget: 60 },
  { name: 'the small server', runs: seeds(20).map((seed) => () => twin({}, seed)) },
  {
    name: 'the server of any contract, family',
    runs: seeds(20).map((seed) => () => model(readFixture('family'), seed)),
  },
  {
    name: 'the server of any contract, everything',
    runs: seeds(3).map((seed) => () => model(readFixture('everything'), seed)),
  },
  ...stacks.map((stack) => ({
    name: stack.name,
    missing: !isInstalled(programOf(stack)),
    runs: seeds(3).map((seed) => async () => {
      await using built = await buildStack(stack);
      await using server = await startStack(built);
      const from =
        server.setup === undefined ? { token: 'main-token-1234' } : { setup: server.setup };
      return await verify({ baseUrl: server.url, contract, seed, ...from });
    }),
  })),
  ...habits.map(({ name, ...options }, index) => ({
    name: `habit: ${name}`,
    runs: [() => twin(options, index)],
  })),
  { name: '301 operations', runs: [() => model(manyOperations(43), 1)], budget: 900 },
];

let alarms = 0;
const chosen = parts.filter(({ name }) => name.includes(process.argv[2] ?? ''));
if (chosen.length === 0) {
  console.error(
    `No part is named ${process.argv[2]}: there are ${parts.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
for (const { name, runs, budget, missing } of chosen) {
  if (missing) {
    console.log(`- ${name}: left out, it is not on this machine`);
    continue;
  }
  const start = performance.now();
  let requests = 0;
  const found: string[] = [];
  for (const run of runs) {
    const { report } = await run();
    requests += report.requests;
    if (report.error !== null) found.push(report.error);
    if (report.cutShort !== null) found.push(report.cutShort);
    for (const { id, operation, level, outcome, findings } of report.checks) {
      if (outcome !== 'failed' || level !== 'contract') continue;
      found.push(`seed ${report.seed}: ${id} of ${operation}: ${findings[0]?.message}`);
    }
  }
  const time = seconds(start);
  if (budget !== undefined && time > budget) found.push(`it took longer than ${budget} s`);
  alarms += found.length;
  const memory = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${found.length === 0 ? '✓' : '✗'} ${name}: ${runs.length}×, ${requests} requests, ${time} s, ${memory} MB`,
  );
  for (const one of found) console.log(`    ${one}`);
}
console.log(`${alarms} false alarms.`);
process.exit(alarms === 0 ? 0 : 1);
