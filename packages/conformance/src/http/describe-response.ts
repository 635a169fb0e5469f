import type { Exchange } from './exchange.ts';
import { header } from './parse-responses.ts';

/** A response in one line, for messages: `404 application/json {"error_code":…`. */
export function describeResponse(exchange: Exchange): string {
  const [response] = exchange.responses;
  if (exchange.failure === 'malformed') return `a response that is not HTTP (${exchange.detail})`;
  if (!response) return `no response (${exchange.detail})`;
  const type = header(response, 'content-type');
  const text = response.body.toString('utf8').replace(/\s+/g, ' ');
  const body = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return [String(response.status), type, body].filter((part) => part).join(' ');
}
