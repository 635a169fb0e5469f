/**
 * `pnpm bench`: measures what this repository claims. See USAGE.
 */
import { parseArgs } from 'node:util';
import { installPeers } from './peers.ts';
import {
  currentCommit,
  describeMachine,
  PARTS,
  type PartName,
  quickResultsFile,
  type Row,
  resultsFile,
  writePart,
} from './results.ts';
import { type Part, runCase } from './run-case.ts';

const USAGE = `Measures our packages beside those a user would pick instead, in one run.

  pnpm bench [part…] [flags]

  part               client, mock, large, docs, kit, pipeline or scale (default: all of them)
  --quick            once and briefly, to show that it works; the figures mean nothing
  --ours             without the peers, which are a download of 1 GB
  --out <file>       where the results go (default: bench/results/results.json, with --quick bench/.results/quick.json)
  --help             this text

A part replaces its own results in the file and leaves the others. "pnpm bench:report" puts the figures of the file
into the pages that show them.

Exit code 0: measured. 1: a part failed, the others are done. 2: an argument is not understood.`;

const parts: Record<PartName, () => Promise<Part>> = {
  client: async () => (await import('./client/client-cases.ts')).clientCases,
  mock: async () => (await import('./mock/mock-cases.ts')).mockCases,
  large: async () => (await import('./large/large-cases.ts')).largeCases,
  docs: async () => (await import('./docs/docs-cases.ts')).docsCases,
  kit: async () => (await import('./kit/kit-cases.ts')).kitCases,
  pipeline: async () => (await import('./pipeline/pipeline-cases.ts')).pipelineCases,
  scale: async () => (await import('./scale/scale-cases.ts')).scaleCases,
};
const WITH_PEERS = ['client', 'mock', 'large', 'docs'];

const args = parse(process.argv.slice(2).filter((each) => each !== '--'));
if (typeof args === 'string') {
  console.error(args);
  process.exitCode = 2;
} else if (args.help) {
  console.log(USAGE);
} else {
  for (const name of args.parts) {
    try {
      await measurePart(name, args.quick, args.ours, args.out);
    } catch (error) {
      console.error(`${name} failed:`, error);
      process.exitCode = 1;
    }
  }
}

async function measurePart(name: PartName, quick: boolean, oursOnly: boolean, out: string) {
  const began = new Date();
  const seconds = () => Math.round((Date.now() - began.getTime()) / 1000);
  const progress = (line: string) =>
    console.error(`${name.padEnd(8)} ${String(seconds()).padStart(4)} s  ${line}`);
  const commit = await currentCommit();
  const versions: Record<string, string> = {};
  const rows: Row[] = [];
  if (!oursOnly && WITH_PEERS.includes(name)) await installPeers(progress);
  const part = await parts[name]();
  for await (const each of part({ quick, oursOnly, versions })) {
    progress(each.title);
    rows.push(...(await runCase(each, quick)));
  }
  const facts = { date: began.toISOString(), commit, quick, seconds: seconds() };
  await writePart(name, { ...facts, machine: describeMachine(), versions, rows }, out);
  progress(`${rows.length} figures`);
}

function parse(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        ours: { type: 'boolean', default: false },
        out: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = positionals.find((each) => !(PARTS as readonly string[]).includes(each));
    if (unknown !== undefined) {
      return `Unknown part "${unknown}". The parts are ${PARTS.join(', ')}: pnpm bench client`;
    }
    const { out = values.quick ? quickResultsFile : resultsFile } = values;
    const names = positionals.length > 0 ? (positionals as PartName[]) : [...PARTS];
    return { ...values, out, parts: names };
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    return `${sentence}. "pnpm bench --help" lists the flags.`;
  }
}
