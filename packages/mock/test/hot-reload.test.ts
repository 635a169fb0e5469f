import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ContractError, type ContractEvent, startMock } from '@sql-sessions/mock';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';

const SESSION = '/v1/workspaces/w-1/sessions/s-1';

/** A copy of the contract as YAML whose schemas stand in a file beside it, and a mock that watches both. */
async function watchedContract(into?: string) {
  const folder = await temporaryFolder();
  if (into !== undefined) await mkdir(into);
  const spec = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.yaml'));
  const document = parse(await readFile(spec, 'utf8'));
  // They refer to each other where they stand now.
  const text = JSON.stringify(document.components.schemas);
  const schemas = JSON.parse(text.replaceAll('#/components/schemas/', '#/'));
  document.components.schemas = Object.fromEntries(
    Object.keys(schemas).map((name) => [name, { $ref: `./schemas.yaml#/${name}` }]),
  );
  const root = join(into ?? folder.path, 'api.yaml');
  const part = join(into ?? folder.path, 'schemas.yaml');
  await writeFile(root, stringify(document));
  await writeFile(part, stringify(schemas));

  const events: ContractEvent[] = [];
  let wake: () => void = () => undefined;
  const mock = await startMock({
    port: 0,
    spec: root,
    watch: true,
    onContract(event) {
      events.push(event);
      wake();
    },
  });
  const next = async (kind: ContractEvent['kind']) => {
    for (;;) {
      const at = events.findIndex((event) => event.kind === kind);
      if (at >= 0) return events.splice(0, at + 1).at(-1);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    mock,
    root,
    part,
    document,
    schemas,
    next,
    async [Symbol.asyncDispose]() {
      await mock.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

test('a change of the document, and of a file that it refers to, is served', async () => {
  await using watched = await watchedContract();
  const { mock, root, part, document, schemas, next } = watched;
  const close = (id: string) =>
    fetch(`${mock.url}/v1/workspaces/w-1/sessions/${id}`, { method: 'DELETE' });

  document.info.title = 'Renamed';
  await writeFile(root, stringify(document));
  expect(await next('reloaded')).toMatchObject({ title: 'Renamed' });
  expect(mock.contract.info.title).toBe('Renamed');

  expect((await close('under_score')).status).toBe(400);
  schemas.SessionId.pattern = '^[A-Za-z0-9_]+$';
  await writeFile(part, stringify(schemas));
  await next('reloaded');
  expect((await close('under_score')).status).toBe(200);

  // As editors and build tools do it: another file takes the name.
  document.info.title = 'Replaced';
  await writeFile(`${root}.new`, stringify(document));
  await rename(`${root}.new`, root);
  await next('reloaded');
  expect(mock.contract.info.title).toBe('Replaced');
});

test('a broken document changes nothing but the mark on the responses, until it is fixed', async () => {
  await using watched = await watchedContract();
  const { mock, root, part, document, schemas, next } = watched;
  const whole = stringify(document);
  const close = () => fetch(mock.url + SESSION, { method: 'DELETE' });

  // What an editor or a copy leaves behind: any half of the file, a syntax error, nothing at all.
  const broken = [
    whole.slice(0, whole.length / 2),
    whole.slice(0, 40),
    `${whole}\n  : [`,
    '',
    'null',
    'openapi: 3.1.0\ninfo: { title: t, version: v }\npaths: {}\n',
    whole.replace(/title: .+/, 'title:'),
    whole
      .replace("$ref: './schemas.yaml#/Error'", "$ref: './schemas.yaml#/Nothing'")
      .replace('$ref: ./schemas.yaml#/Error', '$ref: ./schemas.yaml#/Nothing'),
  ];
  for (const text of broken) {
    await writeFile(root, text);
    const event = await next('broken');
    const problem = event?.kind === 'broken' ? event.problem : '';
    expect(problem).toContain('yaml');
    expect(problem).not.toContain('\n');
    const response = await close();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-mock-stale')).toContain('yaml');
    const state = await (await fetch(`${mock.url}/__mock/state`)).json();
    expect((state as { contract: { problem: string } }).contract.problem).toBe(problem);
  }
  await writeFile(root, whole);
  await next('recovered');
  expect((await close()).headers.get('x-mock-stale')).toBe(null);

  await writeFile(part, '{');
  await next('broken');
  expect((await close()).status).toBe(200);
  await writeFile(part, stringify(schemas));
  await next('recovered');
  expect((await close()).headers.get('x-mock-stale')).toBe(null);
});

test('a folder that is removed and built anew is followed, as a build of a contract does it', async () => {
  await using folder = await temporaryFolder();
  await using watched = await watchedContract(join(folder.path, 'dist'));
  const { mock, root, part, document, schemas, next } = watched;
  await rm(join(folder.path, 'dist'), { recursive: true });
  await next('broken');
  expect((await fetch(mock.url + SESSION, { method: 'DELETE' })).status).toBe(200);

  document.info.title = 'Built anew';
  await mkdir(join(folder.path, 'dist'));
  await writeFile(part, stringify(schemas));
  await writeFile(root, stringify(document));
  await next('recovered');
  expect(mock.contract.info.title).toBe('Built anew');

  document.info.title = 'Saved again';
  await writeFile(root, stringify(document));
  while (mock.contract.info.title !== 'Saved again') await next('reloaded');
});

test('a document that cannot be used is refused at the start, with its line', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'api.yaml');
  const refused = async (text: string | undefined) => {
    if (text !== undefined) await writeFile(file, text);
    const error = await startMock({ port: 0, spec: file }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContractError);
    return (error as ContractError).message;
  };
  expect(await refused(undefined)).toMatch(/no such file/);
  expect(await refused('openapi: 3.1.0\ninfo:\n  title: t\n  version: v\npaths: 5\n')).toMatch(
    /api\.yaml:5:/,
  );
  expect(await refused('a: [')).toMatch(/api\.yaml/);
  expect(await refused('hello')).toMatch(/api\.yaml/);

  // Two at once: each is told of its own file.
  const other = join(folder.path, 'other.yaml');
  await writeFile(other, 'openapi: 3.1.0\ninfo: { title: t, version: v }\npaths: 5\n');
  const both = [file, other].map((spec) => startMock({ port: 0, spec }));
  const messages = (await Promise.allSettled(both)).map(
    (each) => 'reason' in each && each.reason.message,
  );
  expect(messages).toEqual([
    expect.stringMatching(/^\S+api\.yaml: /),
    expect.stringMatching(/^\S+other\.yaml:3:8: /),
  ]);
});
