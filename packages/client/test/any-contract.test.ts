import { cp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mock, startMock } from '@sql-sessions/mock';
import { fixturePath, readFixture, writeContract } from '@sql-sessions/testing/contracts';
import { run } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const CONTRACT = dirname(fileURLToPath(import.meta.resolve('@sql-sessions/contract/package.json')));
const FOLDER = join(PACKAGE, '.results/everything');

/** Calls every operation of another contract, as a program that was written for it does. */
const PROGRAM = `
import { createSessionsClient, type CallArguments, type Result, unwrap } from '@sql-sessions/client';
import { createFetchClient } from '@sql-sessions/client/openapi-fetch';

const baseUrl = process.argv[2] ?? '';
const token = { ApiKey: 'key-0123456789', Bearer: 'bearer-0123456789', Basic: 'ann:secret', OAuth: 'oauth-0123456789' };
const client = createSessionsClient({ baseUrl, token });
const say = (name: string, ...values: unknown[]) => console.log(name, ...values.map((one) => JSON.stringify(one)));

const list = await client.listItems();
if (list.status === 200) {
  const id: number | undefined = list.body.items[0]?.id;
  const total: string = list.headers['x-total-count'];
  say('listItems', id, typeof total);
} else if (list.status === '4XX') {
  const title: string = list.body.title;
  say('listItems', list.httpStatus, title);
} else if (list.status === 'default') {
  const body: string | { title: string } = list.body;
  say('listItems', list.httpStatus, body);
}
const filtered = await client.listItems({
  $top: 3, color: ['red', 'dark blue'], size: [1, 2], word: ['a', 'b'], part: ['c'],
  filter: { name: 'x', min_price: 5 }, range: { from: 1 }, area: { lat: 1.5 }, where: { field: 'price' },
});
say('filtered', filtered.httpStatus);
const count: undefined = (await unwrap(client.countItems())).body;
say('countItems', count ?? null);
say('describeItems', (await client.describeItems()).status);
const created = await client.createItem({ body: { name: 'Lamp', kind: 'red', secret: 's' } });
if (created.status === 201) {
  const location: string = created.headers.location;
  say('createItem', created.body.id, location);
}
const shown = await client.showItem({ item_id: 7, 'X-Fields': ['id'] });
if (shown.ok) say('showItem', shown.body.name satisfies string);
else if (shown.status === 303) say('showItem', shown.headers.location satisfies string);
say('replaceItem', (await client.replaceItem({ item_id: 7, body: { name: 'Lamp', kind: 'red' } })).status);
say('changeItem', (await client.changeItem({ item_id: 7, body: { price: null } })).status, (await client.changeItem({ item_id: 7 })).status);
const deleted: 204 | 'already-deleted' = (await unwrap(client.deleteItem({ item_id: 7 }))).status;
say('deleteItem', deleted);
const alike: boolean = (await unwrap(client.compareItems({ item_ids: [7, 8], box: { w: 3, h: 4 }, tags: ['new'] }))).body;
say('compareItems', alike);
const picture = await client.showPicture({ item_id: 7 });
if (picture.status === 200) say('showPicture', picture.body instanceof Uint8Array satisfies boolean);
say('replacePicture', (await client.replacePicture({ item_id: 7, body: new Uint8Array([1, 2]) })).status);
say('sendForm', (await client.sendForm({ body: { name: 'Lamp', colors: ['red'] } })).status);
say('sendText', (await client.sendText({ body: [1, null] })).status);
say('sendText', (await client.sendText({ body: 'Good morning', contentType: 'text/plain' })).status);
const nothing = await client.sendParts({ body: { file: new Blob(['png'], { type: 'image/png' }), labels: ['a'] } });
if (nothing.status === 200) say('sendParts', nothing.body satisfies null);
for (const read of [client.readOpen, client.readBearer, client.readBasic, client.readOauth, client.readBoth]) {
  say('read', (await read()).status);
}
const fetchClient = createFetchClient({ baseUrl, token });
const { data, error } = await fetchClient.GET('/items', { params: { query: { $top: 2, color: ['red'] } } });
say('GET', data?.items.length, error ?? null);
const posted = await fetchClient.POST('/items', { body: { name: 'Lamp', kind: 'red' } });
say('POST', posted.data?.name, posted.response.status);
const missing = await createFetchClient({ baseUrl, fetch: async () => new Response(null, { status: 404, statusText: 'Not Found' }) }).HEAD('/items');
say('HEAD', missing.error);

export const misuse = async () => {
  // @ts-expect-error a required argument is missing
  await client.showItem();
  // @ts-expect-error a field that the service gives
  await client.createItem({ body: { id: 7, name: 'Lamp', kind: 'red' } });
  // @ts-expect-error not the body that goes with the content type
  await client.sendText({ body: 7, contentType: 'text/plain' });
  // @ts-expect-error there is no such argument
  await client.listItems({ colour: ['red'] });
  // @ts-expect-error there is no such security scheme
  createSessionsClient({ baseUrl, token: { Bearrer: 'x' } });
};
export type Listed = Result<'listItems'>['status'] extends 200 | '4XX' | 'default' | 'unexpected' ? true : never;
export const listed: Listed = true;
export type Arguments = CallArguments<'sendText'>;
export const many: Promise<Result<'deleteItem'>>[] = [{ item_id: 7 }].map(client.deleteItem);
await Promise.all(many);
`;

let mock: Mock;

beforeAll(async () => {
  const contract = join(FOLDER, 'node_modules/@sql-sessions/contract');
  const client = join(FOLDER, 'node_modules/@sql-sessions/client');
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(client, { recursive: true });
  await mkdir(contract, { recursive: true });
  await writeContract(contract, readFixture('everything'));
  for (const name of ['redocly.yaml', 'package.json', 'dist/model', 'dist/loopback.js']) {
    await cp(join(CONTRACT, name), join(contract, name), { recursive: true });
  }
  const built = await run(process.execPath, [join(CONTRACT, 'build/main.ts'), contract]);
  expect(built.code, built.stderr).toBe(0);
  for (const name of ['package.json', 'dist']) {
    await cp(join(PACKAGE, name), join(client, name), { recursive: true });
  }
  const openapiFetch = await realpath(join(PACKAGE, 'node_modules/openapi-fetch'));
  await symlink(openapiFetch, join(FOLDER, 'node_modules/openapi-fetch'), 'junction');
  // A package of its own: inside ours, our name would lead to us.
  await writeFile(join(FOLDER, 'package.json'), '{"type":"module"}');
  await writeFile(join(FOLDER, 'program.mts'), PROGRAM);
  mock = await startMock({ port: 0, spec: fixturePath('everything') });
}, 120_000);
afterAll(() => mock?.close());

test('a program for another contract compiles, and its calls are responded to by the mock', async () => {
  const config = join(FOLDER, 'tsconfig.json');
  const compilerOptions = { noEmit: true, skipLibCheck: false, skipDefaultLibCheck: true };
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions,
    include: ['*.mts'],
    exclude: [],
  };
  await writeFile(config, JSON.stringify(settings));
  const compiled = await run('tsc', ['-p', config], { cwd: PACKAGE });
  expect(compiled.stdout).toBe('');
  const { stdout, stderr } = await run(process.execPath, [join(FOLDER, 'program.mts'), mock.url]);
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toEqual([
    'listItems 7 "string"',
    'filtered 200',
    'countItems null',
    'describeItems 204',
    'createItem 7 "/items/7"',
    'showItem "Lamp"',
    'replaceItem 200',
    'changeItem 200 200',
    'deleteItem 204',
    'compareItems true',
    'showPicture true',
    'replacePicture 204',
    'sendForm 200',
    'sendText 200',
    'sendText 200',
    'sendParts null',
    ...Array(5).fill('read 204'),
    'GET 2 null',
    'POST "Lamp" 201',
    'HEAD "404 Not Found"',
  ]);
});
