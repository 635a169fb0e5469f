import { byPrint, unheldCells } from '@sql-sessions/contract/build';
import { readFixture } from '@sql-sessions/testing/contracts';
import { variants } from '@sql-sessions/testing/variants';
import { expect, test } from 'vitest';
import { exampleRequest } from '../src/contract/example-request.ts';
import { prepareContract } from '../src/contract/load-contract.ts';
import { createContentSource } from '../src/contract/make-content.ts';
import type { MockRequest } from '../src/http/message.ts';
import { makeResponseTable } from '../src/msw/response-table.ts';

/** Requests that a document is asked with: its example, and what differs from it in one place. */
function* requestsOf(document: object): Generator<MockRequest> {
  const { contract } = prepareContract(document, 'none');
  for (const operation of contract.operations) {
    const { method, target, headers, body } = exampleRequest(contract, operation);
    const request = (to: string, more: Record<string, string> = {}, text = body ?? undefined) => {
      const [path = '', search = ''] = to.split('?');
      const all = Object.entries({ ...headers, ...more }).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]);
      return {
        method,
        path,
        target: to,
        search,
        query: new URLSearchParams(search),
        headers: Object.fromEntries(all),
        text,
      };
    };
    yield request(target);
    for (const name of Object.keys(headers)) yield request(target, { [name]: '' });
    yield request(target, { 'content-type': 'text/other' }, 'x');
    for (const { name, in: place } of operation.parameters) {
      const texts = [
        '',
        'x',
        '-1',
        '7',
        '0.5',
        '101',
        'true',
        'a,a',
        'a|b',
        'a%20b',
        'x'.repeat(300),
        '{"a":1}',
        '%5B1%5D',
      ];
      for (const text of texts) {
        if (place === 'header') yield request(target, { [name]: text });
        if (place === 'cookie') yield request(target, { cookie: `${name}=${text}` });
        if (place === 'query') {
          for (const field of [name, `${name}[a]`])
            yield request(
              `${target}${target.includes('?') ? '&' : '?'}${encodeURIComponent(field)}=${text}`,
            );
        }
        if (place === 'path') {
          const at = operation.path
            .split('/')
            .findIndex((segment) => segment.includes(`{${name}}`));
          yield request(
            target
              .split('/')
              .map((segment, index) => (index === at ? text || '-' : segment))
              .join('/'),
          );
        }
      }
    }
    if (body !== null) {
      yield request(target, {}, '');
      const json = (() => {
        try {
          return JSON.parse(body);
        } catch {
          return undefined;
        }
      })();
      if (json !== undefined)
        for (const value of variants(json, 3)) yield request(target, {}, JSON.stringify(value));
      else
        for (const text of [`${body}&x=1`, body.replace('=', '=1'), body.split('&')[0] ?? '', 'x'])
          yield request(target, {}, text);
    }
  }
}

const requests = new Map<object, MockRequest[]>();

test('each keyword that the mock supports changes what it accepts or what it responds', async () => {
  const ours = [readFixture('everything'), readFixture('family'), readFixture('warehouses')];
  const print = async (document: object, base: object) => {
    const { contract, engine, router, checker } = prepareContract(document, 'both');
    const asked = requests.get(base) ?? [...requestsOf(base)];
    requests.set(base, asked);
    const verdicts = await Promise.all(
      asked.map(async (request) => {
        const { operation, params, allowed } = router(request.method, request.path);
        return operation ? engine.check(operation, request, params, false) : allowed;
      }),
    );
    const made = await makeResponseTable(contract, createContentSource(contract, checker));
    const examples = contract.operations.map((operation) => exampleRequest(contract, operation));
    const dynamic = await Promise.all(
      contract.operations.flatMap((operation) =>
        operation.responses.map(({ status }) =>
          engine.respond(
            operation,
            { ...(asked[0] as MockRequest), headers: {} },
            { status: Number(status) || 500, dynamic: true, seed: 'a' },
          ),
        ),
      ),
    );
    return JSON.stringify([verdicts, made, examples, dynamic], (_key, value) =>
      value instanceof Map ? [...value] : value,
    );
  };
  expect(await unheldCells('mock', ours, readFixture('foreign'), byPrint(print))).toEqual([]);
});
