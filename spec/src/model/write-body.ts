import type { Encoding } from './contract.ts';
import { type BodyPart, toParts, urlencoded, writeParts } from './encode-body.ts';
import { kindOfMediaType } from './media-type.ts';
import { pairsIn } from './write-parameter.ts';

/** How a field of a form is written. */
export interface FieldEncoding
  extends Partial<Pick<Encoding, 'style' | 'explode' | 'allowReserved' | 'contentType'>> {
  /** Of a part that is a file. */
  readonly fileName?: string;
}

/** A body as it travels. */
export interface WrittenBody {
  /** Value of `Content-Type`. */
  readonly contentType: string;
  readonly text: string;
  /** The parts of a `multipart/form-data` body; their values are texts. */
  readonly parts?: readonly BodyPart[];
}

/** The types of parts that have one; a list or a range of types is not a content type. */
export function fixedTypes(
  encoding: Readonly<Record<string, FieldEncoding>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(encoding).flatMap(([name, { contentType }]) =>
      contentType && !/[,*]/.test(contentType) ? [[name, contentType]] : [],
    ),
  );
}

/**
 * Writes a value as a body of a media type. The value is not checked: what is not an object has no fields.
 *
 * @param content media type and, for forms, the encoding of single fields
 */
export function writeBody(
  {
    mediaType,
    encoding = {},
  }: {
    readonly mediaType: string;
    readonly encoding?: Readonly<Record<string, FieldEncoding>>;
  },
  value: unknown,
): WrittenBody {
  const kind = kindOfMediaType(mediaType);
  const fields = typeof value === 'object' && value && !Array.isArray(value) ? value : {};
  if (kind === 'multipart') {
    const parts = toParts(fields, fixedTypes(encoding)).map((part) => ({
      ...part,
      fileName: encoding[part.name]?.fileName ?? part.fileName,
    }));
    return {
      contentType: `${mediaType}; boundary=${BOUNDARY}`,
      text: writeParts(parts, BOUNDARY).join(''),
      parts,
    };
  }
  if (kind === 'urlencoded') {
    const styled = Object.entries(encoding).flatMap(
      ([name, { contentType, style, explode = style === 'form', allowReserved }]) => {
        if (contentType !== undefined || style === undefined) return [];
        return [[name, pairsIn(style, explode, allowReserved)] as const];
      },
    );
    return { contentType: mediaType, text: `${urlencoded(Object.fromEntries(styled))(fields)}` };
  }
  const text = typeof value === 'string' && kind !== 'json' ? value : JSON.stringify(value);
  const contentType = mediaType.replace('*/*', 'application/octet-stream').replace('/*', '/plain');
  return { contentType, text: text ?? '' };
}

const BOUNDARY = 'boundary-of-this-form';
