import { readFileSync } from 'node:fs';
import { isMap, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { type FixtureName, fixturePath } from './contracts.ts';

/** What a status that no operation had before needs. */
const TOO_MANY_REQUESTS = parseDocument(`
description: The tenant has sent too many requests.
x-reason-phrase: Too Many Requests
x-outcome: The operation was not carried out.
x-retry: After the seconds in \`Retry-After\`.
headers:
  Retry-After:
    description: Seconds to wait.
    required: true
    schema:
      type: integer
      minimum: 1
    example: 2
content:
  application/json:
    schema:
      $ref: '#/components/schemas/Error'
    examples:
      TooManyRequests:
        summary: Too many requests
        value:
          error_code: common.00000429
          error_msg: too many requests
`);

const ADDED = ['family', 'warehouses', 'uploads'] as const;

/**
 * The contract's source with all operations of three fixtures in it, as its owner would add them, and with a status
 * 429 on one of them and on those that were there. The newest path comes first. What else the contract has already, an
 * operation, a tag or a component of that name, stays as it is.
 */
export function growContract(source: string): string {
  const contract = parseDocument(ADDED.reduce(addOperations, source));
  contract.setIn(['components', 'responses', 'TooManyRequests'], TOO_MANY_REQUESTS.contents);
  const limited = [['/v1/workspaces/{workspace_id}/sessions', 'get']];
  for (const { key: path, value: item } of entries(parseDocument(source).get('paths')))
    for (const { key: method, value: operation } of entries(item))
      if (isMap(operation)) limited.push([path, method]);
  for (const operation of limited) {
    const response = contract.createNode({ $ref: '#/components/responses/TooManyRequests' });
    contract.setIn(['paths', ...operation, 'responses', '429'], response);
  }
  asMap(contract.get('paths')).items.reverse();
  return contract.toString({ lineWidth: 0 });
}

function addOperations(source: string, name: FixtureName): string {
  const contract = parseDocument(source);
  const fixture = parseDocument(readFileSync(fixturePath(name), 'utf8'));
  const ids = new Set(Array.from(source.matchAll(/operationId: (\w+)/g), ([, id]) => id));
  for (const { key: path, value: item } of entries(fixture.get('paths'))) {
    for (const { key: method, value: operation } of entries(item)) {
      const id = isMap(operation) ? operation.get('operationId') : undefined;
      if (contract.hasIn(['paths', path, method]) || ids.has(`${id}`)) continue;
      contract.setIn(['paths', path, method], operation);
    }
  }
  const webhooks = fixture.get('webhooks');
  for (const { key: name, value: webhook } of isMap(webhooks) ? entries(webhooks) : [])
    if (!contract.hasIn(['webhooks', name])) contract.setIn(['webhooks', name], webhook);
  for (const { key: kind, value: components } of entries(fixture.get('components'))) {
    for (const { key: name, value: component } of entries(components)) {
      if (!contract.hasIn(['components', kind, name]))
        contract.setIn(['components', kind, name], component);
    }
  }
  const tags = new Set(Array.from(source.matchAll(/^ {2}- name: (.+)$/gm), ([, name]) => name));
  for (const tag of (fixture.get('tags') as YAMLMap).items as unknown as YAMLMap[]) {
    if (!tags.has(`${tag.get('name')}`)) contract.addIn(['tags'], tag);
  }
  return contract.toString({ lineWidth: 0 });
}

function entries(node: unknown): { key: string; value: unknown }[] {
  return (asMap(node).items as Pair[]).map(({ key, value }) => ({ key: `${key}`, value }));
}

function asMap(node: unknown): YAMLMap {
  if (!isMap(node)) throw new Error('There is a map where the contract and a fixture meet.');
  return node;
}
