/**
 * `pnpm bench`: measures what this repository claims. See USAGE.
 */
import { parseArgs } from 'node:util';
import type { Part } from './bench-context.ts';
import { currentCommit, describeMachine } from './machine.ts';
import { PARTS, type PartName, resultsFile, writePart } from './results-file.ts';

const USAGE = `Measures our packages beside those a user would pick instead, in one run.

  pnpm bench [part…] [flags]

  part               client, mock, docs, pipeline or scale (default: all of them)
  --quick            once and briefly, to show that it works; the figures mean nothing
  --ours             without the peers, which are a download of 1 GB
  --out <file>       where the results go (default: bench/results/results.json)
  --help             this text

A part replaces its own results in the file and leaves the others. "pnpm bench:report" makes the plots and the
figures in the READMEs from the file.

Exit code 0: measured. 1: a part failed, the others are done. 2: an argument is not understood.`;

const parts: Record<PartName, () => Promise<Part>> = {
  client: async () => (await import('./client/client-part.ts')).clientPart,
  mock: async () => (await import('./mock/mock-part.ts')).mockPart,
  docs: async () => (await import('./docs/docs-part.ts')).docsPart,
  pipeline: async () => (await import('./pipeline/pipeline-part.ts')).pipelinePart,
  scale: async () => (await import('./scale/scale-part.ts')).scalePart,
};

const args = parse(process.argv.slice(2).filter((each) => each !== '--'));
if (typeof args === 'string') {
  console.error(args);
  process.exitCode = 2;
} else if (args.help) {
  console.log(USAGE);
} else {
  for (const name of args.parts) {
    try {
      await measurePart(name, args);
    } catch (error) {
      console.error(`${name} failed:`, error);
      process.exitCode = 1;
    }
  }
}

async function measurePart(
  name: PartName,
  { quick, ours, out }: { quick: boolean; ours: boolean; out: string },
): Promise<void> {
  const began = new Date();
  const seconds = () => Math.round((Date.now() - began.getTime()) / 1000);
  const progress = (line: string) =>
    console.error(`${name.padEnd(8)} ${String(seconds()).padStart(4)} s  ${line}`);
  const part = await parts[name]();
  const facts = {
    date: began.toISOString(),
    commit: await currentCommit(),
    quick,
    machine: describeMachine(),
  };
  const { rows, fits, versions } = await part({ quick, oursOnly: ours, progress });
  await writePart(
    name,
    { ...facts, seconds: seconds(), versions, rows, ...(fits && { fits }) },
    out,
  );
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
        out: { type: 'string', default: resultsFile },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = positionals.find((each) => !(PARTS as readonly string[]).includes(each));
    if (unknown !== undefined) {
      return `There is no part "${unknown}". The parts are ${PARTS.join(', ')}: pnpm bench client`;
    }
    return {
      ...values,
      parts: positionals.length > 0 ? (positionals as PartName[]) : [...PARTS],
    };
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ');
    return `${sentence}. "pnpm bench --help" lists the flags.`;
  }
}
