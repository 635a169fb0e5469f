import type { Parameter, Value } from '@sql-sessions/contract/model';

/** Writes a value as a header or path has it: the styles `simple`, `label` and `matrix`, not escaped. */
export function writeValue(
  value: unknown,
  { name, style, explode }: Pick<Value, 'name' | 'style' | 'explode'>,
  escaped: (text: string) => string = String,
): string {
  const text = (one: unknown) =>
    escaped(typeof one === 'string' ? one : (JSON.stringify(one) ?? ''));
  const separator = explode && style === 'label' ? '.' : ',';
  const parts = Array.isArray(value)
    ? value.map(text)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, one]) =>
          explode ? `${escaped(key)}=${text(one)}` : `${escaped(key)},${text(one)}`,
        )
      : [text(value)];
  if (style === 'label') return `.${parts.join(separator)}`;
  if (style !== 'matrix') return parts.join(separator);
  if (!explode || typeof value !== 'object') return `;${name}=${parts.join(',')}`;
  return parts.map((part) => (Array.isArray(value) ? `;${name}=${part}` : `;${part}`)).join('');
}

/** Writes a query parameter: its pairs, escaped. */
export function writeQuery(value: unknown, { name, style, explode, mediaType }: Parameter): string {
  const pair = (key: string, text: string) => `${encodeURIComponent(key)}=${text}`;
  const text = (one: unknown) =>
    encodeURIComponent(typeof one === 'string' ? one : (JSON.stringify(one) ?? ''));
  if (mediaType !== undefined || typeof value !== 'object' || value === null)
    return pair(name, text(value));
  if (Array.isArray(value)) {
    if (explode) return value.map((one) => pair(name, text(one))).join('&');
    const separator = { spaceDelimited: '%20', pipeDelimited: '%7C' }[style as string] ?? ',';
    return pair(name, value.map(text).join(separator));
  }
  const entries = Object.entries(value);
  if (style === 'deepObject') {
    return entries.map(([key, one]) => pair(`${name}[${key}]`, text(one))).join('&');
  }
  if (explode) return entries.map(([key, one]) => pair(key, text(one))).join('&');
  return pair(name, entries.map(([key, one]) => `${text(key)},${text(one)}`).join(','));
}
