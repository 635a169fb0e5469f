import { join } from 'node:path';
import {
  type Config,
  formatProblems,
  getTotals,
  lint,
  loadConfig,
  logger,
} from '@redocly/openapi-core';
import { lintRules } from './lint-rules.ts';

export interface LintResult {
  config: Config;
  /** Every problem, for a terminal, each with file, line and column; empty: there is none. */
  report: string;
  /** The files that have problems. */
  files: string[];
}

/** Lints `sessions.yaml` in the folder `spec` by the rules of its `redocly.yaml` and those that need code. */
export async function lintContract(spec: string): Promise<LintResult> {
  const config = await loadConfig({
    configPath: join(spec, 'redocly.yaml'),
    customExtends: ['recommended-strict', 'contract/all'],
    plugins: [lintRules],
  });
  const problems = await lint({ ref: join(spec, 'sessions.yaml'), config });
  const files = problems.flatMap(({ location }) =>
    location.map(({ source }) => source.absoluteRef),
  );
  return { config, report: problems.length === 0 ? '' : format(problems), files };
}

function format(problems: Parameters<typeof formatProblems>[0]): string {
  // formatProblems prints; collect what it prints instead.
  let text = '';
  const { output, info } = logger;
  const collect = (line: string) => {
    text += line;
  };
  logger.output = collect;
  logger.info = collect;
  try {
    formatProblems(problems, {
      format: 'codeframe',
      color: process.stdout.isTTY ?? false,
      maxProblems: problems.length,
      totals: getTotals(problems),
      version: '',
    });
  } finally {
    logger.output = output;
    logger.info = info;
  }
  return text.trim();
}
