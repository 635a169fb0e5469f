import { generateTypes } from '../../build/generate-types.ts';
import { printOperationTypes } from '../../build/operation-table.ts';
import type { Found } from '../found.ts';
import type { Source } from '../read-source.ts';
import { UsageError } from '../usage-error.ts';
import { type Break, compileProbes, type Probe } from './compile-probes.ts';
import { guideSamples } from './guide-samples.ts';
import { printProbe } from './print-probe.ts';

/** What the compiler refuses of code that was written for the old contracts, for each pair. */
export async function compareTypes(
  pairs: readonly { before: Source; after: Source }[],
): Promise<Found[][]> {
  const found: Found[][] = pairs.map(() => []);
  const probes: { index: number; probe: Probe }[] = [];
  for (const [index, { before, after }] of pairs.entries()) {
    const [old, now] = [await declarations(before), await declarations(after)];
    if (code(old) === code(now)) continue;
    probes.push({
      index,
      probe: {
        old,
        new: now,
        code: printProbe(before.contract, after.contract),
        samples: await guideSamples(before.contract),
      },
    });
  }
  if (probes.length === 0) return found;
  const breaks = compileProbes(probes.map(({ probe }) => probe));
  for (const [at, { index }] of probes.entries()) found[index] = toFound(breaks[at] ?? []);
  return found;
}

function toFound(breaks: readonly Break[]): Found[] {
  const byMessage = new Map(breaks.map((one) => [one.message, one]));
  return [...byMessage.values()].slice(0, 5).map(({ message, line }) => ({
    rating: 'major',
    kind: 'modified',
    where: `\`${line}\``,
    what: `code that compiled does not: ${message}`,
    rule: 'our/types',
    affects: ['types'],
    reason: 'Callers have code like it, written for the last release.',
    migration: 'Follow the compiler.',
    pointer: '#/paths',
    gone: false,
  }));
}

const known = new WeakMap<Source, Promise<Map<string, string>>>();

/** The declarations that are published for a contract, by file name. */
function declarations(source: Source): Promise<Map<string, string>> {
  const made =
    known.get(source) ??
    make(source).catch((error: Error) => {
      const reason = error.message.split('\n', 1)[0]?.replace(/\.$/, '');
      throw new UsageError(
        `${source.file} cannot be compared: ${reason}. To see what is wrong with it: pnpm lint`,
      );
    });
  known.set(source, made);
  return made;
}

async function make({ document, contract }: Source): Promise<Map<string, string>> {
  // No package has names for what webhooks send.
  const { raw, index } = await generateTypes({ ...document, webhooks: undefined }, contract);
  return new Map([
    ['raw.d.ts', raw],
    ['index.d.ts', index],
    ['operations.d.ts', printOperationTypes(contract)],
  ]);
}

/** Without comments. */
function code(files: Map<string, string>): string {
  return [...files.values()]
    .join('\n')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ');
}
