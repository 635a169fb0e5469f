import type { OperationModel, Secret } from './contract-model.ts';
import type { PrismOperations } from './prism.ts';

type PrismOperation = PrismOperations[number];

/** The operations that Prism has read, as the rest of the mock knows them. */
export function describeOperations(operations: PrismOperations): OperationModel[] {
  return operations.map((operation) => {
    const method = operation.method.toUpperCase();
    return {
      id: operation.iid ?? `${method} ${operation.path}`,
      method,
      path: operation.path,
      summary: operation.summary ?? '',
      examplePath: examplePath(operation),
      answers: operation.responses.map(({ code, description, contents, headers }) => ({
        status: code,
        description: description ?? '',
        examples: [
          ...new Set(
            (contents ?? []).flatMap(({ examples }) => examples ?? []).map(({ key }) => key),
          ),
        ],
        headers: (headers ?? []).map(({ name }) => name),
      })),
      secrets: secretsOf(operation),
    };
  });
}

function examplePath({ path, request }: PrismOperation): string {
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const parameter = request?.path?.find((candidate) => candidate.name === name);
    const [example] = parameter?.examples ?? [];
    const value = example && 'value' in example ? example.value : parameter?.schema?.examples;
    const [first] = Array.isArray(value) ? value : [value];
    return encodeURIComponent(String(first ?? '1'));
  });
}

function secretsOf({ security = [] }: PrismOperation): Secret[] {
  return security
    .flat()
    .flatMap((scheme): Secret[] =>
      scheme.type === 'apiKey'
        ? [{ in: scheme.in, name: scheme.name }]
        : [{ in: 'header', name: 'authorization' }],
    );
}
