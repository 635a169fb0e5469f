import { ContractError } from './contract-error.ts';
import type {
  Body,
  JsonSchema,
  OpenApiDocument,
  OperationObject,
  Parameter,
} from './openapi-document.ts';
import { isReference, nameOf, type Reference, resolve } from './references.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];
const LIMITS = ['type', 'enum', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum'];

/** One operation, with all that a client has to know before and after it sends a request. */
export interface Operation {
  id: string;
  summary: string;
  method: string;
  path: string;
  parameters: {
    name: string;
    in: Parameter['in'];
    required: boolean;
    schemaName: string;
    /** The rule in words: the first sentence of the schema's description. */
    rule: string;
    schema: JsonSchema;
  }[];
  /** Name of the schema of the request body, if the contract requires one. */
  body: string | null;
  /** Status to name of the schema of its JSON body; null for an answer without a body. */
  success: Record<string, string | null>;
  errors: Record<string, string | null>;
}

/** Reads every operation of a bundled contract, in document order. */
export function toOperations(document: OpenApiDocument): Operation[] {
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      if (!item[method]) continue;
      const operation = item[method] as OperationObject;
      const at = `operation ${operation.operationId}`;
      const parameters = new Map<string, Operation['parameters'][number]>();
      for (const node of [...(item.parameters ?? []), ...(operation.parameters ?? [])]) {
        const parameter = toParameter(document, node, at);
        parameters.set(`${parameter.in} ${parameter.name}`, parameter);
      }
      const requestBody = operation.requestBody && resolve<Body>(document, operation.requestBody);
      const answers = Object.entries(operation.responses).map(([status, response]) => {
        if (!/^[1-5]\d\d$/.test(status)) {
          throw new ContractError(
            `${at}: response "${status}" is not a status. Name each status by its number, so that callers can tell answers apart.`,
          );
        }
        return [status, schemaNameOf(document, response, `${at}, response ${status}`)] as const;
      });
      operations.push({
        id: operation.operationId,
        summary: operation.summary,
        method: method.toUpperCase(),
        path,
        parameters: [...parameters.values()],
        body: requestBody?.required ? schemaNameOf(document, requestBody, `${at}, body`) : null,
        success: Object.fromEntries(answers.filter(([status]) => status < '400')),
        errors: Object.fromEntries(answers.filter(([status]) => status >= '400')),
      });
    }
  }
  return operations;
}

/** One named export per operation, so that a bundler keeps only those that are used. */
export function printOperationTable(operations: Operation[]): string {
  return operations
    .map(({ id, summary: _, ...operation }) => {
      const parameters = operation.parameters.map(({ schemaName: _, ...parameter }) => parameter);
      return `export const ${id} = ${JSON.stringify({ id, ...operation, parameters })};\n`;
    })
    .join('');
}

function toParameter(
  document: OpenApiDocument,
  node: Parameter | Reference,
  at: string,
): Operation['parameters'][number] {
  const parameter = resolve<Parameter>(document, node);
  const where = `${at}, parameter ${parameter.name}`;
  if (!isReference(parameter.schema))
    throw new ContractError(`${where}: its schema is not a $ref.`);
  const schema = resolve<JsonSchema>(document, parameter.schema);
  const rule = /^.*?(?=\.(\s|$))/s.exec(schema.description ?? '')?.[0];
  if (!rule) {
    throw new ContractError(
      `${where}: the description of its schema does not start with a sentence. Clients show that sentence when a value breaks the rule.`,
    );
  }
  return {
    name: parameter.name,
    in: parameter.in,
    required: parameter.required ?? false,
    schemaName: nameOf(parameter.schema),
    rule,
    schema: Object.fromEntries(Object.entries(schema).filter(([key]) => LIMITS.includes(key))),
  };
}

function schemaNameOf(
  document: OpenApiDocument,
  node: Body | Reference,
  at: string,
): string | null {
  const content = Object.entries(resolve<Body>(document, node).content ?? {});
  if (content.length === 0) return null;
  const [[type, media] = ['', undefined], ...others] = content;
  if (type !== 'application/json' || others.length > 0) {
    throw new ContractError(
      `${at}: only application/json is supported, not ${content.map(([name]) => name).join(', ')}.`,
    );
  }
  if (!isReference(media?.schema)) throw new ContractError(`${at}: its schema is not a $ref.`);
  return nameOf(media.schema);
}
