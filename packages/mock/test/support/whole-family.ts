import { readFile } from 'node:fs/promises';
import type { FixtureDocument } from '@sql-sessions/testing/contracts';
import { addOperations } from '@sql-sessions/testing/grow-contract';
import { parse } from 'yaml';

const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

/** The operation that the first contract had, together with those of the fixture, whatever the live one has by now. */
export async function wholeFamily(): Promise<FixtureDocument> {
  const file = new URL(import.meta.resolve('@sql-sessions/contract/openapi.json'));
  const { webhooks: _, paths, ...live } = JSON.parse(await readFile(file, 'utf8'));
  const { delete: close, parameters = [] } = paths[PATH];
  const first = { ...live, paths: { [PATH]: { parameters, delete: close } } };
  return parse(addOperations(JSON.stringify(first), 'family'));
}
