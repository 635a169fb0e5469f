import type { Schema } from './contract.ts';

/**
 * What a schema allows, in words that complete "must be …": `a string of 1 to 36 characters that matches ^[a-z]+$`.
 * Made from the keywords alone; the limits of nested schemas are left out.
 */
export function describeLimits(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return oneOf(schema.enum.map((value) => JSON.stringify(value)));
  const types = [schema.type ?? []].flat();
  const words = types.length === 0 ? 'a value' : oneOf(types.map(withArticle));
  const limits = [
    range(schema.minLength, schema.maxLength, 'character'),
    range(schema.minItems, schema.maxItems, 'item'),
    range(schema.minProperties, schema.maxProperties, 'member'),
  ].flatMap((text) => (text ? [`of ${text}`] : []));
  const bounds = [
    numbers('at least', schema.minimum),
    numbers('more than', schema.exclusiveMinimum),
    numbers('at most', schema.maximum),
    numbers('less than', schema.exclusiveMaximum),
    numbers('a multiple of', schema.multipleOf),
  ].filter((text) => text !== '');
  return [
    words,
    ...limits,
    bounds.join(' and '),
    schema.format === undefined ? '' : `in the format ${schema.format}`,
    schema.pattern === undefined ? '' : `that matches ${schema.pattern}`,
    schema.uniqueItems ? 'without duplicates' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function withArticle(type: string): string {
  if (type === 'null') return type;
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function numbers(words: string, limit: number | undefined): string {
  return limit === undefined ? '' : `${words} ${limit}`;
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  const units = (count: number) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  if (most === undefined) return least ? `at least ${units(least)}` : '';
  if (!least) return `at most ${units(most)}`;
  return least === most ? `exactly ${units(most)}` : `${least} to ${units(most)}`;
}
