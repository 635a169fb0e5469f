import type { RecordedRequest } from './recorded-request.ts';

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
          url: origin + request.target,
          headers: pairs(request.headers),
          queryString: [...new URL(request.target, origin).searchParams].map(([name, value]) => ({
            name,
            value,
          })),
          bodySize: request.body?.length ?? 0,
          ...(request.body !== null && {
            postData: { mimeType: request.headers['content-type'] ?? '', text: request.body },
          }),
        },
        response: {
          ...shared,
          status: request.status ?? 0,
          statusText: '',
          headers: pairs(request.response?.headers ?? {}),
          content: {
            size: request.response?.body?.length ?? 0,
            mimeType: request.response?.headers['content-type'] ?? '',
            text: request.response?.body ?? '',
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
