import { essenceOf, mediaTypeFor, parametersOf } from '@sql-sessions/contract/model';

/** Whether text is a media type or a range of them. */
export function isMediaType(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+$/.test(essenceOf(text));
}

/**
 * What a contract says of a body of the type that was sent. Where it does not name the type, one with the same suffix does:
 * `application/vnd.api+json` is as good as JSON.
 */
export function findDocumentedType<T extends { readonly mediaType: string }>(
  content: readonly T[],
  sent: string,
): T | undefined {
  return (
    mediaTypeFor(content, sent) ??
    content.find(({ mediaType }) => withoutPrefix(mediaType) === withoutPrefix(sent))
  );
}

function withoutPrefix(mediaType: string): string {
  return essenceOf(mediaType).replace(/\/.+\+/, '/');
}

/**
 * The documented type that an `Accept` header likes best (RFC 9110, 12.5.1): highest `q` first, the more exact range
 * before the wider one, then document order. Undefined where it takes none of them.
 */
export function negotiate(
  accept: string | undefined,
  offered: readonly string[],
): string | undefined {
  const ranges = (accept ?? '*/*').split(',').filter(isMediaType).map(readRange);
  // What cannot be read is ignored, as if nothing had been said.
  if (ranges.length === 0) return offered[0];
  const rated = offered.map((type) => {
    const range = ranges
      .filter((one) => one.takes(essenceOf(type)))
      .sort((a, b) => b.exactness(type) - a.exactness(type))[0];
    return { type, quality: range?.quality ?? 0, exactness: range?.exactness(type) ?? 0 };
  });
  const [best] = rated.sort((a, b) => b.quality - a.quality || b.exactness - a.exactness);
  return best && best.quality > 0 ? best.type : undefined;
}

function readRange(text: string) {
  const essence = essenceOf(text);
  const quality = Number(/;\s*q\s*=\s*([\d.]+)/i.exec(text)?.[1] ?? 1);
  const [type] = essence.split('/');
  const parameters = parametersOf(text);
  const width = essence === '*/*' ? 0 : essence.endsWith('/*') ? 1 : 2;
  return {
    quality: Number.isNaN(quality) ? 1 : quality,
    exactness: (offered: string) =>
      width + parametersOf(offered).filter((one) => parameters.includes(one)).length,
    takes: (offered: string) =>
      essence === '*/*' ||
      essence === offered ||
      offered === '*/*' ||
      (essence.endsWith('/*') && offered.startsWith(`${type}/`)),
  };
}
