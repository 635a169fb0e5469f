import { parse, stringify } from 'yaml';
import { type FixtureName, readFixture } from './contracts.ts';
import { editYaml, type Loose, operationsOf } from './edit-yaml.ts';

/** What a status that no operation had before needs. */
const TOO_MANY_REQUESTS = {
  description: 'The tenant has sent too many requests.',
  'x-reason-phrase': 'Too Many Requests',
  'x-outcome': 'The operation was not carried out.',
  'x-retry': 'After the seconds in `Retry-After`.',
  headers: {
    'Retry-After': {
      description: 'Seconds to wait.',
      required: true,
      schema: { type: 'integer', minimum: 1 },
      example: 2,
    },
  },
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/Error' },
      examples: {
        TooManyRequests: {
          summary: 'Too many requests',
          value: { error_code: 'common.00000429', error_msg: 'too many requests' },
        },
      },
    },
  },
};

const REFERENCE = /#\/components\/(\w+)\/([\w.-]+)/g;

const ADDED = ['family', 'warehouses', 'uploads'] as const;

/**
 * The contract's source with all operations of three fixtures in it, as its owner would add them, and with a status
 * 429 on one of them and on those that were there. The newest path comes first.
 */
export function growContract(source: string): string {
  return editYaml(ADDED.reduce(addOperations, source), (contract) => {
    contract.components.responses.TooManyRequests = TOO_MANY_REQUESTS;
    const limited: Loose[] = [contract.paths['/v1/workspaces/{workspace_id}/sessions'].get];
    for (const id in operationsOf(parse(source))) limited.push(operationsOf(contract)[id]);
    for (const { responses } of limited)
      responses['429'] = { $ref: '#/components/responses/TooManyRequests' };
    contract.paths = Object.fromEntries(Object.entries(contract.paths).reverse());
  });
}

/**
 * The contract's source with the operations of a fixture. What the contract has already stays as it is: an operation, a
 * tag, a component that is the same but for its words. A component that is another one comes under another name.
 */
export function addOperations(source: string, name: FixtureName): string {
  const contract = parse(source);
  const original = readFixture(name);
  const renamed: Record<string, string> = {};
  for (const [kind, components] of Object.entries(original.components)) {
    for (const [key, component] of Object.entries(components)) {
      const known = contract.components[kind]?.[key];
      if (known === undefined || wire(known) === wire(component)) continue;
      const other = name.charAt(0).toUpperCase() + name.slice(1) + key;
      renamed[`#/components/${kind}/${key}`] = `#/components/${kind}/${other}`;
      components[other] = component;
    }
  }
  const fixture = JSON.parse(
    JSON.stringify(original).replace(REFERENCE, (reference) => renamed[reference] ?? reference),
  );
  const known = operationsOf(contract);
  for (const [path, item] of Object.entries<Loose>(fixture.paths)) {
    for (const [field, value] of Object.entries<Loose>(item)) {
      if (value.operationId in known || contract.paths[path]?.[field] !== undefined) continue;
      contract.paths[path] = { ...contract.paths[path], [field]: value };
    }
  }
  if (fixture.webhooks) contract.webhooks = { ...fixture.webhooks, ...contract.webhooks };
  const { components } = contract;
  components.securitySchemes = {
    ...fixture.components.securitySchemes,
    ...components.securitySchemes,
  };
  addReferences(contract, fixture.components);
  const tags = new Set(contract.tags.map((tag: Loose) => tag.name));
  contract.tags.push(...fixture.tags.filter((tag: Loose) => !tags.has(tag.name)));
  return stringify(contract, { lineWidth: 0 });
}

/** Adds the components that the contract refers to and lacks, and those that they refer to. */
function addReferences(contract: Loose, from: Loose): void {
  const { components } = contract;
  let added = false;
  for (const [, kind = '', key = ''] of JSON.stringify(contract).matchAll(REFERENCE)) {
    if (components[kind]?.[key] !== undefined) continue;
    components[kind] = { ...components[kind], [key]: from[kind][key] };
    added = true;
  }
  if (added) addReferences(contract, from);
}

/** What a component says to a machine: without words and examples. */
function wire(component: unknown): string {
  return JSON.stringify(component, (key, value) =>
    /^(description|summary|examples?|x-.*)$/.test(key) ? undefined : value,
  );
}
