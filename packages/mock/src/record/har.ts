import type { RecordedRequest } from './recorded-request.ts';

/** What a body that is not text begins with in the list. */
const BINARY = 'data:;base64,';

/** A body of the list as HAR has it: text, or bytes in base64 with `encoding` beside them. */
function textOf(body: string | null | undefined): { text: string; encoding?: string } {
  if (!body?.startsWith(BINARY)) return { text: body ?? '' };
  return { text: body.slice(BINARY.length), encoding: 'base64' };
}

function sizeOf(body: string | null | undefined): number {
  const { text, encoding } = textOf(body);
  return Buffer.byteLength(text, encoding === 'base64' ? 'base64' : 'utf8');
}

function queryOf(target: string): { name: string; value: string }[] {
  const [, query] = /\?([^#]*)/.exec(target) ?? [];
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

/** Writes requests as an HTTP archive (HAR 1.2). Bodies are those of the list: their first 2,000 characters. */
export function toHar(requests: readonly RecordedRequest[], origin: string): object {
  const pairs = (record: Readonly<Record<string, string>>) =>
    Object.entries(record).map(([name, value]) => ({ name, value }));
  const shared = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 };
  return {
    log: {
      version: '1.2',
      creator: { name: '@sql-sessions/mock', version: '1' },
      entries: requests.map((request) => ({
        startedDateTime: request.at,
        time: request.durationMs,
        request: {
          ...shared,
          method: request.method,
          url: /^https?:/i.test(request.target) ? request.target : origin + request.target,
          headers: pairs(request.headers),
          queryString: queryOf(request.target),
          bodySize: sizeOf(request.body),
          ...(request.body !== null && {
            postData: { mimeType: request.headers['content-type'] ?? '', ...textOf(request.body) },
          }),
        },
        response: {
          ...shared,
          status: request.status ?? 0,
          statusText: '',
          headers: pairs(request.response?.headers ?? {}),
          content: {
            size: sizeOf(request.response?.body),
            mimeType: request.response?.headers['content-type'] ?? '',
            ...textOf(request.response?.body),
          },
          redirectURL: request.response?.headers.location ?? '',
          bodySize: -1,
        },
        cache: {},
        timings: { send: 0, wait: request.durationMs, receive: 0 },
      })),
    },
  };
}
