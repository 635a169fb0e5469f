import { execFile } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.ts';

/** One end of a change, as `redocly diff --format json` prints it (report version 1). */
export interface RedoclyValue {
  file: string;
  pointer: string;
  line: number;
  col: number;
  value: unknown;
}

/** One change, as `redocly diff --format json` prints it. */
export interface RedoclyChange {
  /** JSON pointer from the root, following references: a shared schema is named by the first place that uses it. */
  path: string;
  typeName: string;
  kind: 'added' | 'removed' | 'modified';
  impact: 'patch' | 'minor' | 'major';
  /** The rules that found it breaking; empty for all other changes. */
  verdicts: { ruleId: string; impact: string; message: string }[];
  /** The operation named a success before. */
  success?: boolean;
  /** Which member of the node changed, for `modified`. */
  property?: string;
  /** The response had no body at all before. */
  first?: boolean;
  base?: RedoclyValue;
  revision?: RedoclyValue;
}

const CLI = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
const CONFIG = fileURLToPath(new URL('redocly.yaml', import.meta.url));

/** Runs `redocly diff` on two files. Throws a UsageError when one of them cannot be read as OpenAPI. */
export async function redoclyDiff(base: string, revision: string): Promise<RedoclyChange[]> {
  const args = [
    'diff',
    base,
    revision,
    '--config',
    CONFIG,
    '--format',
    'json',
    '--fail-on',
    'none',
  ];
  const { code, stdout, stderr } = await node([CLI, ...args]);
  let report: { reportVersion: string; changes: RedoclyChange[] };
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new UsageError(
      `${base} and ${revision} cannot be compared: ${stderr.trim() || stdout.trim()}`,
    );
  }
  if (code !== 0) throw new UsageError(stderr.trim());
  if (report.reportVersion !== '1') {
    throw new Error(
      `redocly diff prints report version ${report.reportVersion}; this reader knows version 1.`,
    );
  }
  for (const { base: before, revision: after } of report.changes) {
    // It prints paths relative to the working directory.
    for (const end of [before, after]) if (end) end.file = resolvePath(end.file);
  }
  return report.changes;
}

function node(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    REDOCLY_SUPPRESS_NOTIFICATIONS: 'true',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}
