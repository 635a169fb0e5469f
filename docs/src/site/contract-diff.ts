import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const REDOCLY = fileURLToPath(
  new URL('bin/cli.js', import.meta.resolve('@redocly/cli/package.json')),
);
/** It sends nothing and asks nobody whether there is a newer one. */
const REDOCLY_ENVIRONMENT = {
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  NO_COLOR: '1',
};
const known = new Map<string, ContractDiff>();

/** What `redocly diff` reports, as far as it is shown. */
export interface ContractDiff {
  bump: 'none' | 'patch' | 'minor' | 'major';
  summary: Record<'major' | 'minor' | 'patch', number>;
  changes: {
    path: string;
    kind: string;
    impact: 'major' | 'minor' | 'patch';
    property?: string;
    verdicts: { message: string }[];
    base?: { value?: unknown };
    revision?: { value?: unknown };
  }[];
}

/** The comparison of two contracts, if this process has made it. */
export function knownDiff(base: string, revision: string): ContractDiff | undefined {
  return known.get(keyOf(base, revision));
}

function keyOf(base: string, revision: string): string {
  return createHash('sha256').update(`${base}\u0000${revision}`).digest('hex');
}

/** Compares two contracts with `redocly diff`. */
export async function diffContracts(base: string, revision: string): Promise<ContractDiff> {
  const before = knownDiff(base, revision);
  if (before) return before;
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-docs-'));
  try {
    await writeFile(join(folder, 'base.yaml'), base);
    await writeFile(join(folder, 'revision.yaml'), revision);
    const { stdout } = await execute(
      process.execPath,
      [REDOCLY, 'diff', 'base.yaml', 'revision.yaml', '--format', 'json', '--fail-on', 'none'],
      { cwd: folder, env: { ...process.env, ...REDOCLY_ENVIRONMENT } },
    ).catch((error: unknown) => {
      throw new Error(`redocly diff failed: ${(error as { stderr?: string }).stderr ?? error}`);
    });
    const diff = JSON.parse(stdout) as ContractDiff;
    known.set(keyOf(base, revision), diff);
    return diff;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
