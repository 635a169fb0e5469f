import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFixture } from '../src/contracts.ts';
import { growContract } from '../src/grow-contract.ts';

const small = `openapi: 3.1.0
info: { title: Small, version: 1.0.0 }
tags:
  - name: Sessions
    description: Ours.
paths:
  /v1/workspaces/{workspace_id}/sessions/{session_id}:
    delete:
      operationId: closeSession
      responses: {}
  /elsewhere:
    get:
      operationId: listStatements
      responses: {}
components:
  schemas:
    Error:
      description: Ours.
`;

test('a grown contract has what it had, all that it lacked, and a status 429', () => {
  const grown = parse(growContract(small));
  const [family, warehouses] = [readFixture('family'), readFixture('warehouses')];
  const all = [parse(small), family, warehouses, readFixture('uploads')];
  const paths = new Set(all.flatMap(({ paths }) => Object.keys(paths)));
  expect(Object.keys(grown.paths)).toEqual([...paths].reverse());
  expect(Object.keys(grown.webhooks)).toEqual(['uploadExpired']);
  const [settings = ''] = Object.keys(warehouses.paths).filter((path) => path.includes('{'));
  expect(grown.paths[settings]).toEqual(warehouses.paths[settings]);
  const session = grown.paths['/v1/workspaces/{workspace_id}/sessions/{session_id}'];
  expect(Object.keys(session)).toEqual(['delete', 'get']);
  expect(grown.components.schemas.Error).toEqual({ description: 'Ours.' });
  expect(grown.components.schemas.FamilyError).toEqual(family.components.schemas?.Error);
  expect(grown.components.schemas.Session).toEqual(family.components.schemas?.Session);
  expect(grown.tags.map(({ name }: { name: string }) => name)).toEqual([
    'Sessions',
    'Statements',
    'Warehouses',
    'Uploads',
    'Clusters',
  ]);
  const { get: list } = grown.paths['/v1/workspaces/{workspace_id}/sessions'];
  for (const { responses } of [list, session.delete, grown.paths['/elsewhere'].get])
    expect(responses['429']).toEqual({ $ref: '#/components/responses/TooManyRequests' });
});

test('an operation that the contract has already, wherever it is, is not added', () => {
  const grown = parse(growContract(small));
  const statements = grown.paths['/v1/workspaces/{workspace_id}/sessions/{session_id}/statements'];
  expect(Object.keys(statements)).toEqual(['post']);
  const again = parse(growContract(growContract(small)));
  expect(Object.keys(again.paths).sort()).toEqual(Object.keys(grown.paths).sort());
  expect(again.components).toEqual(grown.components);
});
