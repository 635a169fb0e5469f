/** How a body of a media type is written and read. */
export type BodyKind = 'json' | 'urlencoded' | 'multipart' | 'text' | 'binary';

export function kindOfMediaType(mediaType: string): BodyKind {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (/[/+]json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'urlencoded';
  if (type === 'multipart/form-data') return 'multipart';
  return TEXTS.test(type) ? 'text' : 'binary';
}

/** Types that are text though they do not begin with `text/`; for what else there is, bytes are never wrong. */
const TEXTS = /^text\/|[/+](x-)?(graphql|javascript|json-seq|jsonl|jwt|ndjson|sql|toml|xml|yaml)$/;
