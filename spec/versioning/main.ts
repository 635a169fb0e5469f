/** The command behind `pnpm contract:diff`, `contract:gate` and `release:version`: see HELP. */
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { toAnnotations, toJson, toMarkdown, toText } from './print-diff.ts';
import { UsageError } from './usage-error.ts';

const HELP = `Versions of the contract

  diff [--json | --markdown | --github]   what the contract changes against the last release
  gate                                    are the changes covered by changesets, frozen releases untouched, versions equal?
  release                                 make the next version in the working tree
  publish                                 publish what is not published yet, with changeset publish; --no-git-tag is passed on
  published                               was it published by the trusted workflow, with an attestation?
  github                                  make the GitHub release of the newest version, with gh, on the commit in TARGET

  --root <folder>   another checkout than this one
  --help            this text

--github prints annotations and adds the Markdown to the job summary.

Exit codes: 0 done or all well; 1 a gate is closed; 2 wrong usage, or nothing to do.
`;

async function main(): Promise<number> {
  const { values, positionals } = parse();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [verb, ...rest] = positionals;
  if (verb === undefined)
    throw new UsageError(
      `One of diff, gate, release, publish, published, github is expected.\n\n${HELP}`,
    );
  if (rest.length > 0)
    throw new UsageError(
      `${verb} takes options only; "${rest.join(' ')}" is too much. See --help.`,
    );
  const root = values.root ?? fileURLToPath(new URL('../..', import.meta.url));
  if (!existsSync(join(root, 'spec')))
    throw new UsageError(
      `There is no folder spec in ${root}. --root takes the folder of a checkout.`,
    );
  if (verb === 'diff') return diff(root, values);
  if (verb === 'gate') return gate(root);
  if (verb === 'release') {
    // Loaded on demand: it brings the whole build along.
    const { release } = await import('./release.ts');
    const version = await release(root, new Date().toISOString().slice(0, 10));
    console.log(`${version} is ready. Look at it with \`git diff\`, then commit it.`);
    return 0;
  }
  if (verb === 'publish') {
    const { publish } = await import('./publish.ts');
    return publish(root, values['no-git-tag'] ? ['--no-git-tag'] : []);
  }
  if (verb === 'published') return published(root);
  if (verb === 'github') {
    const { githubRelease } = await import('./github-release.ts');
    const made = await githubRelease(root, process.env.TARGET);
    console.log(made ? 'The release is there.' : 'The release was there already.');
    return 0;
  }
  throw new UsageError(
    `Unknown command ${verb}. Known are diff, gate, release, publish, published, github.`,
  );
}

async function diff(
  root: string,
  as: { json?: boolean; markdown?: boolean; github?: boolean },
): Promise<number> {
  const { diffSinceRelease } = await import('./gates.ts');
  const compared = await diffSinceRelease(root);
  if (compared === undefined)
    throw new UsageError('Nothing is released yet, so there is nothing to compare with.');
  const { diff, since } = compared;
  if (as.github) {
    const annotations = toAnnotations(diff, root);
    if (annotations !== '') console.log(annotations);
    const summary = process.env.GITHUB_STEP_SUMMARY;
    if (summary !== undefined) await appendFile(summary, `${toMarkdown(diff, since)}\n`);
    else console.log(toMarkdown(diff, since));
  } else if (as.json) console.log(toJson(diff, since));
  else if (as.markdown) console.log(toMarkdown(diff, since));
  else console.log(toText(diff, since));
  return 0;
}

async function gate(root: string): Promise<number> {
  const { checkAll } = await import('./gates.ts');
  const { problems, notChecked } = await checkAll(root);
  for (const each of notChecked) console.error(`NOT CHECKED: ${each}.\n`);
  if (problems.length > 0) console.error(problems.join('\n\n'));
  const open = problems.length === 0 && (notChecked.length === 0 || !process.env.CI);
  if (open)
    console.log('The changes are covered, the frozen releases untouched, the versions equal.');
  return open ? 0 : 1;
}

async function published(root: string): Promise<number> {
  const { checkPublished } = await import('./check-published.ts');
  const { registryOf } = await import('./registry.ts');
  const { publishedPackages } = await import('./workspace.ts');
  const problems = await checkPublished(await publishedPackages(root), await registryOf(root));
  if (problems.length === 0) console.log('All packages were published by the trusted workflow.');
  else console.error(problems.join('\n'));
  return problems.length === 0 ? 0 : 1;
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        markdown: { type: 'boolean' },
        github: { type: 'boolean' },
        'no-git-tag': { type: 'boolean' },
        root: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\.\s/)[0]}. See --help.`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
