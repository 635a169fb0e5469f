/** Writes the value of a parameter: `name=value` pairs of a query, the text of a path segment or of a header. */
export type EncodeParameter = (value: unknown, name: string) => string;

function textOf(value: unknown): string {
  return typeof value === 'object' && value ? JSON.stringify(value) : `${value}`;
}

/** Percent-encodes a text. Reserved characters can stay, but for those that would end the value (`#`, `&`, `+`). */
function percent(value: unknown, reserved = false): string {
  const text = encodeURIComponent(textOf(value));
  return reserved ? text.replace(/%(3A|2F|3F|5B|5D|40|24|2C|3B|3D)/g, decodeURIComponent) : text;
}

function pairs(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
}

/** Style `form`; with another delimiter `spaceDelimited` and `pipeDelimited`. An empty text stands for null. */
export const form =
  (explode: boolean, reserved = false, delimiter = ','): EncodeParameter =>
  (value, name) => {
    const key = percent(name);
    const write = (one: unknown) => percent(one ?? '', reserved);
    const join = (texts: string[]) => (texts.length > 0 ? `${key}=${texts.join(delimiter)}` : '');
    if (Array.isArray(value)) {
      return explode
        ? value.map((one) => `${key}=${write(one)}`).join('&')
        : join(value.map((one) => write(one).replaceAll(',', '%2C')));
    }
    if (typeof value !== 'object' || !value) return join([write(value)]);
    return explode
      ? pairs(value)
          .map(([member, one]) => `${percent(member)}=${write(one)}`)
          .join('&')
      : join(pairs(value).flat().map(write));
  };

/** Style `deepObject`: `name[member]=value`, a list as one pair per item, further objects in further brackets. */
export const deepObject =
  (reserved = false): EncodeParameter =>
  (value, name) => {
    if (Array.isArray(value)) return value.map((one) => deepObject(reserved)(one, name)).join('&');
    if (typeof value !== 'object' || !value) return `${percent(name)}=${percent(value, reserved)}`;
    return pairs(value)
      .map(([member, one]) => deepObject(reserved)(one, `${name}[${member}]`))
      .filter((text) => text !== '')
      .join('&');
  };

/** Style `simple`, of a path (percent-encoded) or a header (as it is). */
export const simple =
  (explode: boolean, isHeader: boolean): EncodeParameter =>
  (value) => {
    const write = (one: unknown) => (isHeader ? textOf(one) : percent(one));
    if (Array.isArray(value)) return value.map(write).join(',');
    if (typeof value !== 'object' || !value) return write(value);
    return pairs(value)
      .map((pair) => pair.map(write).join(explode ? '=' : ','))
      .join(',');
  };

/** A parameter that is described by JSON `content`. */
export const jsonParameter =
  (place: string): EncodeParameter =>
  (value, name) => {
    const text = JSON.stringify(value);
    if (/query|cookie/.test(place)) return `${percent(name)}=${percent(text)}`;
    // A header holds nothing but ASCII.
    return place === 'header'
      ? text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : percent(text);
  };
