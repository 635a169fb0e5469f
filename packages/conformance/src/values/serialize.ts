import type { Parameter } from '@sql-sessions/contract/model';

/** A parameter's value as it goes into a request, by the style that the contract gives it. */
export interface Written {
  /** The path segment or the header's text. */
  readonly text: string;
  /** Pairs of a query or a cookie, escaped. */
  readonly pairs: readonly string[];
}

const DELIMITERS: Record<string, string> = { spaceDelimited: '%20', pipeDelimited: '%7C' };

/** Writes a value. It is not checked, so that broken ones can be written too. */
export function serialize(parameter: Parameter, value: unknown): Written {
  const { name, style, explode, mediaType } = parameter;
  const encode = (one: unknown) =>
    parameter.in === 'header' ? textOf(one) : encodeURIComponent(textOf(one));
  const key = encodeURIComponent(name);
  const pair = (text: string): Written => ({ text, pairs: [`${key}=${text}`] });
  const segment = (text: string): Written => ({ text, pairs: [] });
  const pairs = (list: string[]): Written => ({ text: '', pairs: list });
  if (mediaType !== undefined) return pair(encode(JSON.stringify(value)));
  const separator = DELIMITERS[style] ?? ',';
  if (Array.isArray(value)) {
    const items = value.map(encode);
    if (style === 'label') return segment(`.${items.join(explode ? '.' : ',')}`);
    if (style === 'matrix')
      return segment(
        explode ? items.map((item) => `;${key}=${item}`).join('') : `;${key}=${items}`,
      );
    if (explode && style === 'form') return pairs(items.map((item) => `${key}=${item}`));
    return pair(items.join(separator));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([inner, one]) => [encode(inner), encode(one)] as const,
    );
    const equal = entries.map((entry) => entry.join('='));
    if (style === 'deepObject')
      return pairs(entries.map(([inner, one]) => `${key}%5B${inner}%5D=${one}`));
    if (style === 'label') return segment(`.${explode ? equal.join('.') : entries.flat()}`);
    if (style === 'matrix')
      return segment(explode ? `;${equal.join(';')}` : `;${key}=${entries.flat()}`);
    if (explode && style === 'form') return pairs(equal);
    return pair(explode ? equal.join(',') : entries.flat().join(separator));
  }
  if (style === 'label') return segment(`.${encode(value)}`);
  if (style === 'matrix') return segment(`;${key}=${encode(value)}`);
  return pair(encode(value));
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : `${value}`;
}
