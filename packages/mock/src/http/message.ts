import { canHaveBody } from '@sql-sessions/contract/model';

/** A request of the contract, whoever received it. */
export interface MockRequest {
  /** In upper case. */
  readonly method: string;
  /** Starts with a slash; dot segments are resolved and every escape in it can be decoded. */
  readonly path: string;
  /** The query as it was sent, without the question mark. */
  readonly search: string;
  readonly query: URLSearchParams;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, read as UTF-8; undefined where there was none. */
  readonly text: string | undefined;
  /** The body, where it is not UTF-8. */
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
  /** The body as it came, where its `Content-Encoding` was undone. */
  readonly encoded?: Uint8Array<ArrayBuffer>;
  /** Why the body is not decoded as its `Content-Encoding` says. */
  readonly undecoded?: {
    readonly kind: 'unsupported-type' | 'invalid';
    readonly reasons: readonly string[];
  };
}

/** What goes over the wire, whoever made it. Header names are in lower case. */
export interface MockResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

/** A response without what HTTP does not send with its status: a body, and its type. */
export function withoutBody(response: MockResponse): MockResponse {
  if (canHaveBody('GET', response.status)) return response;
  const { 'content-type': _, ...headers } = response.headers;
  return { ...response, headers, body: undefined };
}
