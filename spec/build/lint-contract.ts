import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type Config,
  createConfig,
  formatProblems,
  getTotals,
  lint,
  loadConfig,
  logger,
  type NormalizedProblem,
} from '@redocly/openapi-core';
import { lintRules } from './lint-rules.ts';
import { problemsOfSource } from './parse-source.ts';

export interface LintResult {
  /** Undefined: it cannot be read, as the report says. */
  config: Config | undefined;
  /** Every problem, for a terminal, each with file, line and column; empty: there is none. */
  report: string;
  /** The files that have problems. */
  files: string[];
}

/**
 * Lints `sessions.yaml` in the folder `spec` by the rules of its `redocly.yaml` and those that need code. A file that
 * cannot be read is a problem like others.
 */
export async function lintContract(spec: string): Promise<LintResult> {
  let config: Config | undefined;
  let file = join(spec, 'redocly.yaml');
  let problems: Awaited<ReturnType<typeof lint>>;
  try {
    config = await loadConfig({
      configPath: file,
      customExtends: ['recommended-strict', 'contract/all'],
      plugins: [lintRules],
    });
    file = join(spec, 'sessions.yaml');
    const reasons = problemsOfSource(file, await readFile(file));
    const report = reasons.map((reason) => placed(basename(file), reason)).join('\n');
    if (report !== '') return { config, report, files: [file] };
    problems = (await lintAll(file, config)).filter((problem) => !isConditional(problem));
  } catch (error) {
    return { config, report: placed(basename(file), (error as Error).message), files: [file] };
  }
  const files = problems.flatMap(({ location }) =>
    location.map(({ source }) => source.absoluteRef),
  );
  return { config, report: problems.length === 0 ? '' : format(problems), files };
}

/** Rules throw where something has another type than they expect: then only what finds that is said. */
async function lintAll(ref: string, config: Config): Promise<NormalizedProblem[]> {
  try {
    return await lint({ ref, config });
  } catch (error) {
    const rules = { struct: 'error', 'contract/supported-keywords': 'error' } as const;
    const problems = await lint({
      ref,
      config: await createConfig({ rules }, { plugins: [lintRules] }),
    });
    if (problems.length === 0) throw error;
    return problems;
  }
}

/**
 * Redocly looks for the properties that `required` names in the same schema; those of a condition are in the schema
 * that has the condition.
 */
function isConditional({ ruleId, location: [place] }: NormalizedProblem): boolean {
  return (
    ruleId === 'no-required-schema-properties-undefined' &&
    CONDITION.test(place?.pointer?.replace(/(\/(all|any|one)Of\/\d+)*\/required\/\d+$/, '') ?? '')
  );
}

/** A pointer to what applies in place only; a property may have the same name. */
const CONDITION =
  /(?<!\/(properties|patternProperties|\$defs|schemas))\/(if|then|else|not|dependentSchemas\/[^/]+)$/;

/** `file:line:column: reason`, where YAML errors end with their place. */
function placed(file: string, message: string): string {
  const [reason = ''] = message.split('\n');
  const [, said = reason, place] = /^(.*?)(?: in "[^"]*")? \((\d+:\d+)\)$/.exec(reason) ?? [];
  return `${file}${place ? `:${place}` : ''}: ${said}`;
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
