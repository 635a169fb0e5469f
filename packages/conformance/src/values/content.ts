import { isJson, type MediaType, type RequestBody } from '@sql-sessions/contract/model';

/** The content that the kit sends: JSON where there is JSON. */
export function contentOf({ content }: Pick<RequestBody, 'content'>): MediaType | undefined {
  return content.find(({ mediaType }) => isJson(mediaType)) ?? content[0];
}
