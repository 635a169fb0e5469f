import { readFileSync } from 'node:fs';
import { type Document, isMap, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
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
 * 429 on one of them and on those that were there. The newest path comes first.
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

/**
 * The contract's source with the operations of a fixture. What the contract has already stays as it is: an operation, a
 * tag, a component that is the same but for its words. A component that is another one comes under another name.
 */
export function addOperations(source: string, name: FixtureName): string {
  const contract = parseDocument(source);
  const text = readFileSync(fixturePath(name), 'utf8');
  const names = new Map<string, string>();
  for (const { kind, component, key } of componentsOf(parseDocument(text))) {
    const known = contract.getIn(['components', kind, key], true);
    if (known === undefined || kind === 'securitySchemes') continue;
    if (wire(known) !== wire(component)) names.set(`${kind}/${key}`, `${capital(name)}${key}`);
  }
  const fixture = parseDocument(
    text.replace(/(#\/components\/)(\w+)\/([\w.-]+)/g, (all, start, kind, key) => {
      const renamed = names.get(`${kind}/${key}`);
      return renamed === undefined ? all : `${start}${kind}/${renamed}`;
    }),
  );
  const ids = new Set(Array.from(source.matchAll(/operationId"?: "?(\w+)/g), ([, id]) => id));
  for (const { key: path, value: item } of entries(fixture.get('paths'))) {
    for (const { key: method, value: operation } of entries(item)) {
      const id = isMap(operation) ? operation.get('operationId') : undefined;
      if (contract.hasIn(['paths', path, method]) || ids.has(`${id}`)) continue;
      contract.setIn(['paths', path, method], operation);
    }
  }
  const webhooks = fixture.get('webhooks');
  for (const { key, value: webhook } of isMap(webhooks) ? entries(webhooks) : [])
    if (!contract.hasIn(['webhooks', key])) contract.setIn(['webhooks', key], webhook);
  const added: string[][] = [];
  for (const { kind, component, key } of componentsOf(fixture)) {
    const place = ['components', kind, names.get(`${kind}/${key}`) ?? key];
    if (contract.hasIn(place)) continue;
    contract.setIn(place, component);
    if (kind !== 'securitySchemes') added.push(place);
  }
  removeUnused(contract, added);
  const named = (document: Document) =>
    new Map(
      (document.get('tags') as YAMLSeq<YAMLMap>).items.map((tag) => [`${tag.get('name')}`, tag]),
    );
  const tags = named(contract);
  for (const [tag, value] of named(fixture)) if (!tags.has(tag)) contract.addIn(['tags'], value);
  return contract.toString({ lineWidth: 0 });
}

/** Of what was added, that which only operations needed that were there already. */
function removeUnused(contract: Document, added: readonly string[][]): void {
  const text = contract.toString();
  const used = new Set(
    Array.from(text.matchAll(/#\/(components\/\w+\/[\w.-]+)/g), ([, ref]) => ref),
  );
  const rest = added.filter((place) => used.has(place.join('/')));
  if (rest.length === added.length) return;
  for (const place of added) if (!rest.includes(place)) contract.deleteIn(place);
  removeUnused(contract, rest);
}

/** What a component says to a machine: without words and examples. */
function wire(component: unknown): string {
  return JSON.stringify(component, (key, value) =>
    /^(description|summary|examples?|x-.*)$/.test(key) ? undefined : value,
  );
}

function componentsOf(document: Document): { kind: string; key: string; component: unknown }[] {
  return entries(document.get('components')).flatMap(({ key: kind, value }) =>
    entries(value).map(({ key, value: component }) => ({ kind, key, component })),
  );
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function entries(node: unknown): { key: string; value: unknown }[] {
  return (asMap(node).items as Pair[]).map(({ key, value }) => ({ key: `${key}`, value }));
}

function asMap(node: unknown): YAMLMap {
  if (!isMap(node)) throw new Error('There is a map where the contract and a fixture meet.');
  return node;
}
