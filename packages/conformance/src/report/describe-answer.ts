import type { Exchange } from '../http/exchange.ts';
import { header } from '../http/parse-answers.ts';

/** An answer in one line, for messages: `404 application/json {"error_code":…`. */
export function describeAnswer(exchange: Exchange): string {
  const [answer] = exchange.answers;
  if (exchange.failure === 'malformed') return `an answer that is not HTTP (${exchange.detail})`;
  if (!answer) return `no answer (${exchange.detail})`;
  const type = header(answer, 'content-type');
  const text = answer.body.toString('utf8').replace(/\s+/g, ' ');
  const body = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return [String(answer.status), type, body].filter((part) => part).join(' ');
}
