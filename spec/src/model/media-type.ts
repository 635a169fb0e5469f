/** How a body of a media type is written and read. */
export type BodyKind = 'json' | 'urlencoded' | 'multipart' | 'text' | 'binary';

export function kindOfMediaType(mediaType: string): BodyKind {
  const type = essenceOf(mediaType);
  if (/[/+]json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'urlencoded';
  if (type === 'multipart/form-data') return 'multipart';
  return TEXTS.test(type) ? 'text' : 'binary';
}

/** Types that are text though they do not begin with `text/`; for what else there is, bytes are never wrong. */
const TEXTS = /^text\/|[/+](x-)?(graphql|javascript|json-seq|jsonl|jwt|ndjson|sql|toml|xml|yaml)$/;

/** Whether it is JSON: `application/json`, or a type that ends with `+json`. */
export function isJson(mediaType = ''): boolean {
  return kindOfMediaType(mediaType) === 'json';
}

/** A media type without its parameters, in lower case. */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

/** The parameters of a media type in one spelling: `charset=utf-8`. */
export function parametersOf(mediaType: string): string[] {
  const [, ...parameters] = mediaType.toLowerCase().replaceAll(/[\s"]/g, '').split(';');
  return parameters;
}

/**
 * What a contract says of a body that is of a type: the entry of the type itself (of several, the one with most of its
 * parameters and no other), else of its range (`text/*`), else of all types. Undefined where none is documented.
 */
export function mediaTypeFor<T extends { readonly mediaType: string }>(
  content: readonly T[],
  contentType: string,
): T | undefined {
  const type = essenceOf(contentType);
  const sent = new Set(parametersOf(contentType));
  const fitOf = ({ mediaType }: T) => {
    const wanted = parametersOf(mediaType);
    return wanted.every((one) => sent.has(one)) ? wanted.length : -1;
  };
  const find = (wanted: string) =>
    content
      .filter(({ mediaType }) => essenceOf(mediaType) === wanted)
      .sort((a, b) => fitOf(b) - fitOf(a))[0];
  return find(type) ?? find(type.replace(/\/.*/, '/*')) ?? find('*/*');
}
