import { type EncodeParameter, form } from './encode-parameter.ts';

// What the web platform has, everywhere; this package needs no types of a runtime.
declare const Blob: new (parts: readonly unknown[]) => object;
declare const btoa: (binary: string) => string;

/**
 * Makes what `fetch` takes as `body`, or a pair of that and its content type.
 *
 * @throws {TypeError} for a value of the wrong kind; its message completes "must be …"
 */
export type EncodeBody = (
  value: unknown,
) => unknown | readonly [body: unknown, contentType: string];

function membersOf(value: unknown): [string, unknown][] {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  // What keeps its entries elsewhere, as FormData and Map do, would be an empty form.
  if (kind !== 'Object') {
    const isOther = typeof value === 'object' && value && !Array.isArray(value);
    throw new TypeError(
      isOther ? `an object with the fields of the form, not ${kind}` : 'an object',
    );
  }
  return Object.entries(value as object).filter(([, one]) => one !== undefined);
}

/** A form may have a member that is called like one of `Object.prototype`. */
function ownMember<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

const BINARY = 'a Blob, an ArrayBuffer or a view of one';

/** @throws {TypeError} for what only looks like a `Blob`: the platform would write it as `[object File]` */
function isBinary(value: unknown): value is { type?: string; name?: string } {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob) {
    return true;
  }
  if (typeof (value as { arrayBuffer?: unknown } | null)?.arrayBuffer !== 'function') return false;
  throw new TypeError(`${BINARY} where it is binary (await arrayBuffer() of anything else)`);
}

export const json = (): EncodeBody => (value) => {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch {
    // Circles and big integers.
  }
  throw new TypeError('a value that JSON can express');
};

export const text = (): EncodeBody => (value) => {
  if (typeof value !== 'string') throw new TypeError('a string');
  return value;
};

export const binary = (): EncodeBody => (value) => {
  if (!isBinary(value)) throw new TypeError(BINARY);
  return value;
};

/** @param styles how single members are written; others: lists as one pair per item, objects as JSON */
export const urlencoded =
  (styles: Readonly<Record<string, EncodeParameter>>): EncodeBody =>
  (value) =>
    membersOf(value)
      .map(([name, one]) => {
        const style = ownMember(styles, name);
        const isObject = typeof one === 'object' && one && !Array.isArray(one);
        return (style ?? form(true))(style || !isObject ? one : JSON.stringify(one), name);
      })
      .filter((pair) => pair !== '')
      .join('&');

/** A part of a `multipart/form-data` body. */
export interface BodyPart {
  readonly name: string;
  /** Text, or what a `Blob` is made of. */
  readonly value: unknown;
  /** Empty: none is named. */
  readonly contentType: string;
  /** Empty: the part is not a file. */
  readonly fileName: string;
}

/** The parts of a form: one for each item of a list. An empty one stands for null. */
export function toParts(value: unknown, types: Readonly<Record<string, string>>): BodyPart[] {
  return membersOf(value).flatMap(([name, given]) =>
    [given].flat().map((one) => {
      const file = isBinary(one) ? one : undefined;
      const isObject = !file && typeof one === 'object' && one !== null;
      const usual = file ? 'application/octet-stream' : isObject ? 'application/json' : '';
      return {
        name,
        value: file ?? (isObject ? JSON.stringify(one) : `${one ?? ''}`),
        contentType: file?.type || ownMember(types, name) || usual,
        fileName: file ? (file.name ?? name) : '',
      };
    }),
  );
}

/** Parts as they travel (RFC 7578), in pieces. */
export function writeParts(parts: readonly BodyPart[], boundary: string): unknown[] {
  const quote = (name: string) => name.replace(/["\r\n]/g, (unit) => encodeURIComponent(unit));
  return [
    ...parts.flatMap(({ name, value, contentType, fileName }) => [
      `--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"`,
      fileName && `; filename="${quote(fileName)}"`,
      contentType && `\r\nContent-Type: ${contentType}`,
      '\r\n\r\n',
      value,
      '\r\n',
    ]),
    `--${boundary}--\r\n`,
  ];
}

/** @param types content types of single members; others: JSON for objects, `application/octet-stream` for bytes */
export const multipart =
  (types: Readonly<Record<string, string>>): EncodeBody =>
  (value) => {
    const boundary = `form-${`${Math.random()}${Math.random()}`.replaceAll('0.', '')}`;
    return [
      new Blob(writeParts(toParts(value, types), boundary)),
      `multipart/form-data; boundary=${boundary}`,
    ];
  };

/** Base64 of a text in UTF-8. */
export function base64(text: string): string {
  const bytes = encodeURIComponent(text).replace(/%(..)/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return btoa(bytes);
}

/** The credentials of HTTP's Basic scheme (RFC 7617) from `name:password`. */
export const basic = () => (token: string) => {
  if (!token.includes(':') || /\p{Cs}/u.test(token)) {
    throw new TypeError('token must be a name, a colon and a password');
  }
  return base64(token);
};
