import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

type Node = Record<string, unknown>;

const source = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.yaml'));
const ID = { type: 'string', minLength: 1, maxLength: 36, pattern: '^[A-Za-z0-9-]+$' };
const PER_TAG = 25;

/**
 * Our contract with so many operations, as YAML. Each further one has the shape of `closeSession` (a path of its own,
 * an id with a schema of its own, shared error responses), which stays last: a router that looks at one path after the
 * other has to look at all of them.
 */
export async function generateContract(operations: number): Promise<string> {
  const contract = parse(await readFile(source, 'utf8')) as {
    paths: Record<string, Record<string, Node>>;
    components: Record<'parameters' | 'schemas', Record<string, Node>>;
    tags: Node[];
  };
  const real = Object.entries(contract.paths).find(
    ([, { delete: model }]) => model?.operationId === 'closeSession',
  );
  if (!real) throw new Error('The contract has no operation closeSession under DELETE.');
  const [path, item] = real;
  contract.paths = {};
  for (let number = 2; number <= operations; number += 1) {
    const tag = `Group ${Math.ceil(number / PER_TAG)}`;
    if (number % PER_TAG === 1 || number === 2) {
      contract.tags.push({ name: tag, description: 'Resources that are open in a workspace.' });
    }
    const id = `Resource${number}Id`;
    contract.components.schemas[id] = { description: '1 to 36 letters, digits or hyphens.', ...ID };
    contract.components.parameters[id] = {
      name: `resource_${number}_id`,
      in: 'path',
      required: true,
      description: 'The resource to act on.',
      schema: { $ref: `#/components/schemas/${id}` },
      example: '0b5f8f0e-2f43-4a0e-8a3b-5a1f6f9f7c21',
    };
    contract.paths[`/v1/workspaces/{workspace_id}/resource-${number}/{resource_${number}_id}`] = {
      delete: {
        ...item.delete,
        summary: `Close resource ${number}`,
        operationId: `closeResource${number}`,
        tags: [tag],
        parameters: [
          { $ref: '#/components/parameters/WorkspaceId' },
          { $ref: `#/components/parameters/${id}` },
        ],
      },
    };
  }
  contract.paths[path] = { delete: item.delete ?? {} };
  dropUnused(contract);
  return stringify(contract, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** Components that nothing refers to any more go, and with them those that only they referred to. */
function dropUnused(contract: { components: Record<string, Record<string, Node>> }): void {
  for (let before = ''; before !== JSON.stringify(contract); ) {
    before = JSON.stringify(contract);
    const used = new Set(before.match(/#\/components\/[^"]+/g));
    for (const [kind, components] of Object.entries(contract.components)) {
      for (const name of Object.keys(components)) {
        // A security requirement names its scheme without a reference.
        const isNamed = kind === 'securitySchemes' && before.includes(`"${name}":[`);
        if (!isNamed && !used.has(`#/components/${kind}/${name}`)) delete components[name];
      }
    }
  }
}
