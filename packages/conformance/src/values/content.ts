import { kindOfMediaType, type MediaType, type RequestBody } from '@sql-sessions/contract/model';

/** Whether a media type is JSON's. */
export function isJson(mediaType = ''): boolean {
  return kindOfMediaType(mediaType) === 'json';
}

/** The content that the kit sends: JSON where there is JSON. */
export function contentOf({ content }: RequestBody): MediaType | undefined {
  return content.find(({ mediaType }) => isJson(mediaType)) ?? content[0];
}
