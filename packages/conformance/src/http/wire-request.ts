/** A request exactly as it goes over the wire: nothing is normalised, escaped or corrected. */
export interface WireRequest {
  readonly method: string;
  /** The request target with its escapes, such as `/v1/workspaces/a/sessions/%ZZ`. */
  readonly target: string;
  /** Sent in this order. Host, Connection and Content-Length are added unless they are here. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array | undefined;
  /** Sent instead of everything above, which then only describes it. */
  readonly bytes?: Buffer | undefined;
}

/** The headers of a request but for a Host that the caller gave. */
export function besidesHost({ headers }: WireRequest): WireRequest['headers'] {
  return headers.filter(([name]) => !/^host$/i.test(name));
}

/** The bytes of a request. Characters of the head are one byte each, as HTTP/1.1 has them. */
export function toBytes(request: WireRequest, host: string): Buffer {
  if (request.bytes) return request.bytes;
  const body = request.body === undefined ? undefined : Buffer.from(request.body as string);
  const headers: (readonly [string, string])[] = [...request.headers];
  const has = (name: string) => headers.some(([key]) => key.toLowerCase() === name);
  if (!has('host')) headers.unshift(['Host', host]);
  if (body && !has('content-length') && !has('transfer-encoding')) {
    headers.push(['Content-Length', String(body.length)]);
  }
  if (!has('connection')) headers.push(['Connection', 'close']);
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...headers.map(([key, value]) => `${key}: ${value}`),
  ];
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return body ? Buffer.concat([head, body]) : head;
}
