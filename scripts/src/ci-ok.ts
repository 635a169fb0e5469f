/**
 * The last job of CI: reads GitHub's `needs` from the variable NEEDS, as JSON, and says which jobs did not succeed.
 * Exit code 0: all did. 1: one did not, was skipped or cancelled, or NEEDS is no such JSON.
 */
export function notOk(needs: string | undefined): string[] {
  let jobs: unknown;
  try {
    jobs = JSON.parse(needs ?? '');
  } catch {
    jobs = undefined;
  }
  const results = Object.entries((jobs ?? {}) as Record<string, { result?: string }>);
  if (results.length === 0) return ['NEEDS has no jobs: pass toJSON(needs).'];
  return results
    .filter(([, { result }]) => result !== 'success')
    .map(([name, { result }]) => `${name}: ${result ?? 'no result'}`);
}

if (import.meta.main) {
  const problems = notOk(process.env.NEEDS);
  console.log(problems.length === 0 ? 'All jobs succeeded.' : problems.join('\n'));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
