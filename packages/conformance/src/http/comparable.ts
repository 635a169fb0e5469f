import type { Exchange } from './exchange.ts';

/** Headers that differ from one answer to the next on any server. */
const VOLATILE =
  /^(date|age|etag|x-request-id|x-correlation-id|x-trace-id|traceparent|request-id|server-timing|x-response-time|keep-alive|x-ratelimit-.*|ratelimit.*)$/i;

/**
 * An answer as text in which two answers to equal situations are equal: status, headers without the volatile ones, body.
 * What the request brought along (its ids) is replaced, so that an answer may repeat it.
 */
export function toComparable(exchange: Exchange): string {
  const [answer] = exchange.answers;
  if (!answer) return exchange.failure ?? 'nothing';
  const ids = exchange.request.target.split(/[/?&=]/).filter((part) => part.length > 8);
  const text = [
    `${answer.status} ${answer.reason}`,
    ...answer.headers
      .filter(([name]) => !VOLATILE.test(name))
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .sort(),
    answer.body.toString('latin1'),
  ].join('\n');
  return ids.reduce((rest, id) => rest.replaceAll(id, '<id>'), text);
}
