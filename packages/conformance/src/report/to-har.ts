import type { Exchange } from '../http/exchange.ts';
import { header } from '../http/parse-responses.ts';
import type { Secrets } from '../http/secrets.ts';

/** HTTP Archive 1.2. */
export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    readonly entries: readonly HarEntry[];
  };
}

export interface HarEntry {
  readonly startedDateTime: string;
  /** Milliseconds. */
  readonly time: number;
  readonly request: HarMessage & {
    readonly method: string;
    readonly url: string;
    readonly queryString: readonly NameValue[];
    /** What really went over the wire, where no method, URL and headers can describe it. */
    readonly comment?: string;
    readonly postData?: { readonly mimeType: string; readonly text: string };
  };
  /** Status 0: there was no response. */
  readonly response: HarMessage & {
    readonly status: number;
    readonly statusText: string;
    readonly content: { readonly size: number; readonly mimeType: string; readonly text: string };
    readonly redirectURL: string;
  };
  readonly cache: Record<string, never>;
  readonly timings: { readonly send: number; readonly wait: number; readonly receive: number };
  /** Id of the check that sent it. */
  readonly comment: string;
}

interface HarMessage {
  readonly httpVersion: string;
  readonly cookies: readonly NameValue[];
  readonly headers: readonly NameValue[];
  readonly headersSize: number;
  readonly bodySize: number;
}

interface NameValue {
  readonly name: string;
  readonly value: string;
}

const LONGEST_BODY = 64 * 1024;

/** Everything that was sent and came back, with the tokens masked and very long bodies cut. */
export function toHar(
  recorded: readonly { exchange: Exchange; check: string }[],
  base: URL,
  secrets: Secrets,
  creator: { name: string; version: string },
): Har {
  const entries = recorded.map(({ exchange, check }) =>
    toEntry(exchange, check, base, secrets.mask),
  );
  return { log: { version: '1.2', creator, entries } };
}

function toEntry(
  exchange: Exchange,
  check: string,
  base: URL,
  mask: (text: string) => string,
): HarEntry {
  const { request, durationMs, startedAt } = exchange;
  const [response] = exchange.responses;
  const pairs = (headers: readonly (readonly [string, string])[]) =>
    headers.map(([name, value]) => ({ name, value: mask(value) }));
  const common = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 };
  const body = request.body === undefined ? undefined : Buffer.from(request.body as string);
  const escaped = request.target.replace(/[^!-~]/g, (character) => encodeURIComponent(character));
  const [, query] = escaped.split('?');
  return {
    startedDateTime: startedAt.toISOString(),
    time: durationMs,
    request: {
      ...common,
      method: request.method,
      url: mask(`${base.origin}${escaped}`),
      headers: pairs([['Host', base.host], ...request.headers]),
      queryString: (query === undefined ? [] : query.split('&')).map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return { name, value: mask(value) };
      }),
      bodySize: body?.length ?? 0,
      ...(request.bytes && { comment: mask(request.bytes.toString('latin1', 0, LONGEST_BODY)) }),
      ...(body && {
        postData: {
          mimeType: request.headers.find(([name]) => name === 'Content-Type')?.[1] ?? '',
          text: mask(body.toString('utf8', 0, LONGEST_BODY)),
        },
      }),
    },
    response: {
      ...common,
      status: response?.status ?? 0,
      statusText: response?.reason ?? exchange.detail,
      headers: pairs(response?.headers ?? []),
      content: {
        size: response?.body.length ?? 0,
        mimeType: (response && header(response, 'content-type')) ?? '',
        text: mask(response?.body.toString('utf8', 0, LONGEST_BODY) ?? ''),
      },
      redirectURL: '',
      bodySize: response?.body.length ?? -1,
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    comment: check,
  };
}
