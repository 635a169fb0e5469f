import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mock, startMock } from '@sql-sessions/mock';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { ERROR_EXAMPLES, readExamples } from '@sql-sessions/testing/examples';
import { installInto, pack, temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { serveFiles } from '@sql-sessions/testing/serve-files';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const STATUSES = [200, 400, 401, 403, 404, 408, 500] as const;
const EXAMPLES = readExamples(join(root, 'spec/dist/openapi.json'));

const PROGRAM = `
import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({ baseUrl: process.argv[2], token: 'any', maxAttempts: 1 });
for (let call = 0; call < ${STATUSES.length}; call += 1) {
  const { ok, status, body } = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
  console.log(JSON.stringify({ ok, status, body }));
}
`;

const PAGE = `<!doctype html>
<title>Another origin</title>
<script type="importmap">
{ "imports": {
  "@sql-sessions/client": "/node_modules/@sql-sessions/client/dist/index.js",
  "@sql-sessions/contract": "/node_modules/@sql-sessions/contract/dist/index.js",
  "@sql-sessions/contract/loopback": "/node_modules/@sql-sessions/contract/dist/loopback.js",
  "@sql-sessions/contract/operations": "/node_modules/@sql-sessions/contract/dist/operations.js",
  "openapi-fetch": "/node_modules/openapi-fetch/dist/index.mjs"
} }
</script>
<script type="module">
import { createSessionsClient } from '@sql-sessions/client';
const baseUrl = new URLSearchParams(location.search).get('mock');
const client = createSessionsClient({ baseUrl, token: 'any', maxAttempts: 1 });
const result = await client.closeSession({ workspace_id: 'w-1', session_id: 's-1' });
document.body.textContent = result.status + ' ' + (result.body?.error_code ?? 'closed');
</script>
`;

let project: Awaited<ReturnType<typeof temporaryFolder>>;
let mock: Mock;

beforeAll(async () => {
  project = await temporaryFolder();
  mock = await startMock({ port: 0 });
  const tarballs = await Promise.all(
    ['spec', 'packages/client'].map((folder) => pack(join(root, folder), project.path)),
  );
  await installInto(project.path, { tarballs });
}, 300_000);

afterAll(async () => {
  await mock?.close();
  await project?.[Symbol.asyncDispose]();
});

test('the packed client gets every documented response from the mock', async () => {
  await writeFile(join(project.path, 'program.js'), PROGRAM);
  mock.scenario([...STATUSES]);
  const { stdout, stderr } = await run(process.execPath, ['program.js', mock.url], {
    cwd: project.path,
  });
  expect(stderr).toBe('');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(
    STATUSES.map((status) =>
      status === 200
        ? { ok: true, status }
        : { ok: false, status, body: EXAMPLES[ERROR_EXAMPLES[status]] },
    ),
  );
});

test('a page on another origin closes a session on the mock', async () => {
  await writeFile(join(project.path, 'index.html'), PAGE);
  await using pages = await serveFiles(project.path);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    for (const [status, shown] of [
      [200, '200 closed'],
      [404, `404 ${EXAMPLES.NotFound?.error_code}`],
      [403, '403 403'],
    ] as const) {
      mock.scenario(status);
      await page.goto(`${pages.url}?mock=${encodeURIComponent(mock.url)}`);
      await expect.poll(() => page.textContent('body')).toBe(shown);
    }
    // With this header a browser asks first, and sends nothing unless the response allows it.
    expect(mock.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      headers: { origin: new URL(pages.url).origin, 'x-auth-token': expect.any(String) },
    });
    expect(JSON.stringify(mock.requests.at(-1)?.headers)).not.toContain('"any"');
  } finally {
    await browser.close();
  }
});
