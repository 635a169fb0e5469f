type Headers = Readonly<Record<string, string>>;

/** Whether a header carries the id of a request, under one of the names in use. */
const REQUEST_ID = /^(x-)?(\w+-)?(request|correlation|trace)-?id$/;
/** Headers that say nothing about the caller. */
const LOGGABLE = /^(content-(type|length)|date|retry-after|server|via)$/;

export function findRequestId(headers: Headers): string | undefined {
  return Object.entries(headers).find(([name]) => REQUEST_ID.test(name))?.[1];
}

/** The headers on the allow-list of events. */
export function loggableHeaders(headers: Headers = {}): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => LOGGABLE.test(name) || REQUEST_ID.test(name)),
  );
}
