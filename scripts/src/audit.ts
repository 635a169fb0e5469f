/**
 * `pnpm ci:audit`: asks the registry about known vulnerabilities of every entry of the lockfile, and checks what can be
 * known without it: where the packages come from, their digests and their licenses. What pnpm refuses by its settings
 * is not checked again. A registry that cannot be asked is a warning, not a failure: the other checks count.
 *
 * Exit code 0: nothing was found. 1: something was, each thing in a line of its own.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLicenses, checkLockfile } from './check-packages.ts';
import { PUBLISHED, pnpm } from './pnpm.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

// What users install: the published packages and all that those need.
const licenses = await pnpm('licenses', 'list', '--prod', '--json', ...PUBLISHED);
const problems = [
  ...checkLockfile(await readFile(join(root, 'pnpm-lock.yaml'), 'utf8')),
  ...checkLicenses(licenses.stdout),
];

const audit = await pnpm('audit', '--audit-level', 'moderate');
const unasked = /ERR_PNPM_AUDIT|ERR_PNPM_\w*FETCH|ECONN|ENOTFOUND|error sending request/.test(
  audit.output,
);
if (audit.code !== 0 && unasked) {
  const [reason] = /responded with \d+/.exec(audit.output.replace(/\s+│?\s*/g, ' ')) ?? [
    'could not be reached',
  ];
  warn(
    `Known vulnerabilities were NOT looked up: the registry's audit endpoint ${reason}. Only the lockfile was checked.`,
  );
} else if (audit.code !== 0) {
  problems.push(audit.output.trim());
}

console.log(
  problems.length === 0
    ? 'The lockfile and the licenses are as SECURITY.md promises.'
    : problems.join('\n'),
);
process.exitCode = problems.length === 0 ? 0 : 1;

/** GitHub shows it on the run's page; elsewhere it is a line. */
function warn(text: string): void {
  console.log(process.env.GITHUB_ACTIONS ? `::warning title=Audit::${text}` : `Warning: ${text}`);
}
