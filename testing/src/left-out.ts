/** Test files, from the root of the workspace, that only some systems can run, with the reason. A `/` ends a folder. */
const NEEDS: readonly { files: string; system: (name: string) => boolean; reason: string }[] = [
  {
    files: 'e2e/tools/matrix.test.ts',
    system: (name) => name === 'linux-x64',
    reason: 'its runtimes (Node 20 to 26, Bun, Deno, workerd) are the packages for Linux on x64',
  },
  {
    files: 'packages/mock/test/published.test.ts',
    system: (name) => name === 'linux-x64',
    reason: 'the oldest Node that it runs under is the package for Linux on x64',
  },
  ...['spec/test/release-policy.test.ts', 'spec/test/release-policy.slow.test.ts'].map((files) => ({
    files,
    system: (name: string) => name === 'linux-x64',
    reason: 'oasdiff, its second opinion, is in the lockfile for Linux on x64 only',
  })),
  ...[
    'packages/conformance/test/command.test.ts',
    'packages/conformance/test/guide.test.ts',
    'packages/conformance/test/http.test.ts',
    'packages/mock/test/bin.test.ts',
    'packages/mock/test/guide.test.ts',
    'spec/test/release-step.test.ts',
    'e2e/test/add-operation.test.ts',
    'e2e/test/add-operation.slow.test.ts',
    'e2e/test/checkout.test.ts',
    'e2e/test/registry-remote-cache.slow.test.ts',
    'e2e/test/start.test.ts',
  ].map((files) => ({
    files,
    system: isNotWindows,
    reason: 'it sends signals or runs shell scripts, and Windows has neither',
  })),
  {
    files: 'examples/postgres-provider/test/',
    system: isNotWindows,
    reason: 'it stops the processes of PostgreSQL with signals, which Windows does not have',
  },
];

/**
 * What a system (`win32-x64`) cannot run of the package in `folder` (from the root, with forward slashes): patterns for
 * Vitest, relative to the package, each with its reason.
 */
export function leftOut(folder: string, system: string): { pattern: string; reason: string }[] {
  return NEEDS.filter((need) => need.files.startsWith(`${folder}/`) && !need.system(system)).map(
    ({ files, reason }) => ({
      pattern: files.slice(folder.length + 1).replace(/\/$/, '/**'),
      reason,
    }),
  );
}

/** All of the files, for those who check that they exist. */
export const neededFiles: readonly string[] = NEEDS.map(({ files }) => files);

function isNotWindows(system: string): boolean {
  return !system.startsWith('win32');
}
