type Headers = Readonly<Record<string, string>>;

/** Whether a header carries the id of a request, under one of the names in use. */
const REQUEST_ID = /^(x-)?(\w+-)?(request|correlation|trace)-?id$/;
/** Headers that say nothing about the caller. */
const LOGGABLE = /^(content-(type|length)|date|retry-after|server|via)$/;

export function findRequestId(headers: Headers): string | undefined {
  for (const name in headers) if (REQUEST_ID.test(name)) return headers[name];
  return undefined;
}

/** The headers on the allow-list of events. */
export function loggableHeaders(headers: Headers = {}): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => LOGGABLE.test(name) || REQUEST_ID.test(name)),
  );
}

/** Milliseconds that `Retry-After` asks for: seconds, or a date; undefined where it says nothing that can be read. */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const value = headers['retry-after'] ?? '';
  // Engines take almost anything for a date; those of HTTP end like this.
  const date = /GMT$/.test(value) ? value : '';
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(date) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** A media type without its parameters, in lower case. */
export function essenceOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}
