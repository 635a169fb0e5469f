import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** One HTTP/1.1 response as it came over the wire. */
export interface WireResponse {
  readonly status: number;
  readonly reason: string;
  /** In the order and spelling of the server; a name can appear more than once. */
  readonly headers: readonly (readonly [string, string])[];
  /** Without its Content-Encoding. */
  readonly body: Buffer;
}

export interface Parsed {
  readonly responses: WireResponse[];
  /** Bytes that belong to no complete response. */
  readonly rest: Buffer;
  /** What breaks HTTP's own framing rules (RFC 9112); parsing stops there. */
  readonly problem: string | undefined;
  /** What an incomplete response still lacks; undefined where none has begun. */
  readonly missing?: string | undefined;
}

/**
 * Splits what a server sent into responses.
 * @param ended Whether the connection is over, which also ends a body that has no length.
 * @param methods Methods of the requests that were sent, in order: a response to HEAD has no body.
 */
export function parseResponses(bytes: Buffer, ended: boolean, methods: readonly string[]): Parsed {
  const responses: WireResponse[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const one = parseResponse(rest, ended, methods[responses.length] ?? '');
    if ('problem' in one) {
      const before = responses.at(-1);
      // What is behind a response and is none itself is too much of that one.
      const problem =
        before && !rest.toString('latin1', 0, 5).startsWith('HTTP/')
          ? `${rest.length} bytes follow the ${before.status} that are not part of it`
          : one.problem;
      return { responses, rest, problem };
    }
    if (one.length === 0) {
      const cut = parseResponse(rest, true, methods[responses.length] ?? '');
      return {
        responses,
        rest,
        problem: undefined,
        missing: 'problem' in cut ? cut.problem : undefined,
      };
    }
    // 1xx are interim: the response proper follows.
    if (one.response.status >= 200) responses.push(one.response);
    rest = rest.subarray(one.length);
  }
  return { responses, rest, problem: undefined };
}

/** The value of a header, several of them joined as HTTP joins them; undefined where there is none. */
export function header(response: WireResponse, name: string): string | undefined {
  const values = response.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

const INCOMPLETE = {
  response: { status: 0, reason: '', headers: [], body: Buffer.alloc(0) },
  length: 0,
};

type One = { response: WireResponse; length: number } | { problem: string };

function parseResponse(bytes: Buffer, ended: boolean, method: string): One {
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end === -1 ? Math.min(bytes.length, 4096) : end);
  const [first = '', ...lines] = head.split('\r\n');
  const line = /^HTTP\/1\.[01] ([1-9]\d\d)(?: (.*))?$/.exec(first);
  const whole = end !== -1 || lines.length > 0;
  if (!line && (whole || !'HTTP/1.'.startsWith(first.slice(0, 7)))) {
    return { problem: `the status line is ${JSON.stringify(first.slice(0, 80))}` };
  }
  if (end === -1)
    return ended ? { problem: 'the head of the response is not complete' } : INCOMPLETE;
  const headers: [string, string][] = [];
  for (const text of lines) {
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(text);
    if (!field) return { problem: `a header line is ${JSON.stringify(text.slice(0, 80))}` };
    headers.push([field[1] ?? '', field[2] ?? '']);
  }
  const status = Number(line?.[1]);
  const response = { status, reason: line?.[2] ?? '', headers, body: Buffer.alloc(0) };
  const body = readBody(response, bytes.subarray(end + 4), ended, method);
  if ('problem' in body) return body;
  if (body.length === -1) return INCOMPLETE;
  return {
    response: { ...response, body: decode(response, body.body) },
    length: end + 4 + body.length,
  };
}

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};
const LONGEST = { maxOutputLength: 64 * 1024 * 1024 };

/** What a body says; whoever asks for no coding may get any (RFC 9110, 12.5.3). What is not of its coding stays as it is. */
function decode(response: WireResponse, body: Buffer): Buffer {
  const coding = header(response, 'content-encoding')?.toLowerCase();
  try {
    return (coding !== undefined && DECODERS[coding]?.(body, LONGEST)) || body;
  } catch {
    return body;
  }
}

type Body = { body: Buffer; length: number } | { problem: string };

const UNFINISHED = { body: Buffer.alloc(0), length: -1 };

function readBody(response: WireResponse, bytes: Buffer, ended: boolean, method: string): Body {
  const none = { body: Buffer.alloc(0), length: 0 };
  // Who cannot read a request does not know that it was a HEAD.
  const unread =
    [400, 414, 431, 501, 505].includes(response.status) &&
    !/^(HTTP\/|$)/.test(`${bytes.subarray(0, 5)}`);
  if (method === 'HEAD' && !unread) return none;
  if (response.status < 200 || [204, 304].includes(response.status)) return none;
  const length = header(response, 'content-length');
  const coding = header(response, 'transfer-encoding');
  if (coding !== undefined) {
    if (length !== undefined)
      return { problem: 'it has both Content-Length and Transfer-Encoding' };
    if (coding.toLowerCase() !== 'chunked')
      return { problem: `its Transfer-Encoding is ${coding}` };
    return readChunks(bytes, ended);
  }
  if (length === undefined) return ended ? { body: bytes, length: bytes.length } : UNFINISHED;
  if (!/^\d+$/.test(length)) return { problem: `its Content-Length is ${JSON.stringify(length)}` };
  const size = Number(length);
  if (bytes.length >= size) return { body: bytes.subarray(0, size), length: size };
  return ended
    ? { problem: `its Content-Length is ${size} and only ${bytes.length} bytes came` }
    : UNFINISHED;
}

function readChunks(bytes: Buffer, ended: boolean): Body {
  const unfinished: Body = ended
    ? { problem: 'its last chunk did not come before the connection ended' }
    : UNFINISHED;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const eol = bytes.indexOf('\r\n', at);
    if (eol === -1) return unfinished;
    const size = /^([0-9a-f]+)(?:;.*)?$/i.exec(bytes.toString('latin1', at, eol));
    if (!size) return { problem: 'it has a chunk without a size' };
    const length = Number.parseInt(size[1] ?? '', 16);
    if (length === 0) {
      // Trailers, if any, end with an empty line.
      const end =
        bytes.subarray(eol, eol + 4).toString('latin1') === '\r\n\r\n'
          ? eol
          : bytes.indexOf('\r\n\r\n', eol);
      return end === -1 ? unfinished : { body: Buffer.concat(parts), length: end + 4 };
    }
    if (bytes.length < eol + 2 + length + 2) return unfinished;
    parts.push(bytes.subarray(eol + 2, eol + 2 + length));
    at = eol + 2 + length + 2;
  }
}
