import type { MediaType, RequestBody } from '@sql-sessions/contract/model';

/** `application/json`, or a type that ends in `+json`. */
export function isJson(mediaType: string): boolean {
  return /^application\/json$|\+json$/i.test(mediaType.split(';')[0]?.trim() ?? '');
}

/** The content that the kit sends: JSON where there is JSON. */
export function contentOf({ content }: RequestBody): MediaType | undefined {
  return content.find(({ mediaType }) => isJson(mediaType)) ?? content[0];
}

export interface EncodedBody {
  readonly body: string;
  /** Value of `Content-Type`. */
  readonly type: string;
}

const BOUNDARY = 'conformance-boundary-5e1f';

/** A value as a body of a media type. */
export function encodeBody(mediaType: string, value: unknown): EncodedBody {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (mediaType === 'application/x-www-form-urlencoded') {
    const pairs = Object.fromEntries(entries.map(([name, one]) => [name, textOf(one)]));
    return { body: new URLSearchParams(pairs).toString(), type: mediaType };
  }
  if (mediaType === 'multipart/form-data') {
    const parts = entries.map(
      ([name, one]) =>
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${textOf(one)}\r\n`,
    );
    return {
      body: `${parts.join('')}--${BOUNDARY}--\r\n`,
      type: `${mediaType}; boundary=${BOUNDARY}`,
    };
  }
  const type = mediaType.replace('*/*', 'application/octet-stream').replace('/*', '/plain');
  return { body: isJson(mediaType) ? JSON.stringify(value) : textOf(value), type };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
