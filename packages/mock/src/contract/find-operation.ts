import type { ContractModel, OperationModel } from './contract-model.ts';

export interface FoundOperation {
  operation: OperationModel | undefined;
  /** Values of the path parameters, decoded; empty where no path matches. */
  params: Record<string, string>;
  /** Methods that the contract has for this path; empty where it has no such path. */
  allowed: string[];
}

/** Finds the operation of a method and a path. Of several templates that match, the most literal one is taken. */
export function findOperation(
  { operations }: ContractModel,
  method: string,
  path: string,
): FoundOperation {
  const segments = path.split('/').map(decode);
  let best: { template: string; params: Record<string, string>; literal: number } | undefined;
  for (const template of new Set(operations.map((operation) => operation.path))) {
    const match = matchTemplate(template, segments);
    if (match && match.literal > (best?.literal ?? -1)) best = { template, ...match };
  }
  if (!best) return { operation: undefined, params: {}, allowed: [] };
  const { template, params } = best;
  const here = operations.filter((operation) => operation.path === template);
  return {
    operation: here.find((operation) => operation.method === method),
    params,
    allowed: here.map((operation) => operation.method),
  };
}

function matchTemplate(template: string, segments: string[]) {
  const expected = template.split('/');
  if (expected.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  let literal = 0;
  for (const [index, part] of expected.entries()) {
    const segment = segments[index] ?? '';
    if (part === segment) {
      literal += 1;
      continue;
    }
    const names = [...part.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
    if (names.length === 0) return undefined;
    const pattern = part
      .split(/\{[^}]+\}/)
      .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('(.*)');
    const values = new RegExp(`^${pattern}$`, 's').exec(segment);
    if (!values) return undefined;
    for (const [at, name] of names.entries()) params[name] = values[at + 1] ?? '';
  }
  return { params, literal };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
