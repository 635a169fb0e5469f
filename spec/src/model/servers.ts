import type { Server } from './contract.ts';
import { asList, asNode, asText } from './references.ts';

export function readServers(value: unknown, fallback: readonly object[]): Server[] {
  const list = asList(value);
  return (list.length > 0 ? list : fallback).map((entry) => {
    const node = asNode(entry);
    const url = asText(node.url);
    const variables = Object.entries(asNode(node.variables)).map(([name, one]) => {
      const variable = asNode(one);
      return {
        name,
        default: `${variable.default ?? ''}`,
        enum: asList(variable.enum).map((each) => `${each}`),
        description: asText(variable.description),
      };
    });
    const defaults = new Map(variables.map((variable) => [variable.name, variable.default]));
    return {
      url,
      defaultUrl: url.replace(/\{([^{}]*)\}/g, (text, name: string) => defaults.get(name) ?? text),
      description: asText(node.description),
      variables,
    };
  });
}
