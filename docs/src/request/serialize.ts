/** How a parameter or a field of a form is written. */
export interface Writing {
  readonly name: string;
  readonly style: string;
  readonly explode: boolean;
  readonly allowReserved: boolean;
}

const SEPARATORS: Record<string, string> = {
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

/** Writes a value in one of OpenAPI's styles, encoded for a URL. A header is written without encoding. */
export function serialize(value: unknown, writing: Writing, encode = encoder(writing)): string {
  const { style, explode } = writing;
  const name = encode(writing.name);
  switch (style) {
    case 'label':
      return `.${inOne(value, explode, explode ? '.' : ',', encode)}`;
    case 'matrix':
      if (explode && isNested(value))
        return pairs(value, name, encode)
          .map((each) => `;${each}`)
          .join('');
      return `;${name}=${inOne(value, false, ',', encode)}`;
    case 'simple':
      return inOne(value, explode, ',', encode);
    case 'deepObject':
      return Object.entries(value ?? {})
        .map(([key, each]) => `${name}%5B${encode(key)}%5D=${encode(text(each))}`)
        .join('&');
    default:
      if (explode && isNested(value)) return pairs(value, name, encode).join('&');
      return `${name}=${inOne(value, false, SEPARATORS[style] ?? ',', encode)}`;
  }
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** `a=1`, `b=2` for an object; `name=1`, `name=2` for a list. */
function pairs(value: object, name: string, encode: (text: string) => string): string[] {
  return Array.isArray(value)
    ? value.map((each) => `${name}=${encode(text(each))}`)
    : Object.entries(value).map(([key, each]) => `${encode(key)}=${encode(text(each))}`);
}

function inOne(
  value: unknown,
  explode: boolean,
  separator: string,
  encode: (text: string) => string,
): string {
  if (Array.isArray(value)) return value.map((each) => encode(text(each))).join(separator);
  if (!isNested(value)) return encode(text(value));
  return Object.entries(value)
    .map(([key, each]) => `${encode(key)}${explode ? '=' : separator}${encode(text(each))}`)
    .join(separator);
}

function encoder({ allowReserved }: Writing): (text: string) => string {
  // Quotes would end the strings of samples.
  const all = (text: string) => encodeURIComponent(text).replaceAll("'", '%27');
  if (!allowReserved) return all;
  return (text) => all(text).replaceAll(/%(3A|2F|3F|40|21|24|28|29|2A|2C|3B)/g, decodeURIComponent);
}
