import type { Parameter } from './contract.ts';
import {
  deepObject,
  type EncodeParameter,
  form,
  jsonParameter,
  simple,
} from './encode-parameter.ts';
import { isJson } from './media-type.ts';

/** What has to be known of a parameter to write its value. */
export type WritableParameter = Pick<
  Parameter,
  'name' | 'in' | 'style' | 'explode' | 'allowReserved' | 'mediaType'
>;

/** What stands between the items of a list in one pair; other styles: a comma. */
export const DELIMITERS: Readonly<Record<string, string>> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

/** Writes pairs of a query or a form. */
export function pairsIn(style: string, explode: boolean, reserved = false): EncodeParameter {
  return style === 'deepObject' ? deepObject(reserved) : form(explode, reserved, DELIMITERS[style]);
}

/**
 * What stands between the items of a list and cannot be told from the same inside of one: `a b` is one item or two.
 * Undefined where the style keeps them apart.
 */
export function separatorOf(
  parameter: Pick<Parameter, 'in' | 'style' | 'explode' | 'mediaType'>,
): string | undefined {
  const { in: place, style, explode, mediaType } = parameter;
  if (isJson(mediaType)) return undefined;
  if (place === 'header') return ',';
  const delimiter = explode ? undefined : DELIMITERS[style];
  return delimiter && decodeURIComponent(delimiter);
}

/**
 * Writes a value in the style of its parameter: a path segment, the text of a header, `name=value` pairs of a query
 * (`a=1&b=2`) or of a cookie (`a=1; b=2`). All but headers are percent-encoded. The value is not checked.
 *
 * @returns an empty text where nothing is to be sent: an empty list, an object without members
 */
export function writeParameter(parameter: WritableParameter, value: unknown): string {
  const { name, in: place, style, explode, allowReserved, mediaType } = parameter;
  if (isJson(mediaType)) return jsonParameter(place)(value, name);
  const exploded = (text: string, separator: string) =>
    explode ? text.replaceAll(/[,&]/g, separator) : text;
  if (style === 'label') return `.${exploded(simple(explode, false)(value, name), '.')}`;
  if (style === 'matrix') return `;${exploded(form(explode)(value, name), ';')}`;
  if (style === 'simple') return simple(explode, place === 'header')(value, name);
  const pairs = pairsIn(style, explode, allowReserved)(value, name);
  return place === 'cookie' ? pairs.replaceAll('&', '; ') : pairs;
}
