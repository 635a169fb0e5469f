/** How a body of a media type is written and read. */
export type BodyKind = 'json' | 'urlencoded' | 'multipart' | 'text' | 'binary';

export function kindOfMediaType(mediaType: string): BodyKind {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (/[/+]json$/.test(type)) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'urlencoded';
  if (type === 'multipart/form-data') return 'multipart';
  return /^text\/|[/+](xml|yaml)$/.test(type) ? 'text' : 'binary';
}
