import type { Contract, Credential } from '@sql-sessions/contract/model';
import type { MockResponse } from '../http/message.ts';
import { type RecordedRequest, recordedBody } from './recorded-request.ts';

type Sent = NonNullable<RecordedRequest['response']>;

/** Headers that carry secrets in any API. */
const ALWAYS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
];

/** Masks what the contract calls credentials, and the usual secrets beside them. */
export function createMask({ securitySchemes }: Contract): {
  headers(headers: MockResponse['headers']): Record<string, string>;
  target(target: string): string;
  response(response: MockResponse): Sent;
} {
  const namesIn = (place: Credential['in']) =>
    securitySchemes.flatMap(({ credential }) =>
      credential?.in === place ? [credential.name.toLowerCase()] : [],
    );
  const headerNames = new Set([...ALWAYS, ...namesIn('header')]);
  const queryNames = new Set(namesIn('query'));

  // Most responses are one object, sent many times.
  const sent = new WeakMap<MockResponse, Sent>();

  function maskHeaders(headers: MockResponse['headers']) {
    const masked: Record<string, string> = {};
    for (const name of Object.keys(headers)) {
      const value = String(headers[name]);
      masked[name] = headerNames.has(name) ? mask(value) : value;
    }
    return masked;
  }

  return {
    headers: maskHeaders,
    response(response) {
      const known = sent.get(response);
      if (known) return known;
      const made = { headers: maskHeaders(response.headers), body: recordedBody(response.body) };
      sent.set(response, made);
      return made;
    },
    target(target) {
      if (queryNames.size === 0 || !target.includes('?')) return target;
      return target.replace(/([?&])([^=&]+)=([^&]*)/g, (whole, mark, name, value) => {
        const [sent = ''] = new URLSearchParams(name).keys();
        return queryNames.has(sent.toLowerCase()) ? `${mark}${name}=${mask(value)}` : whole;
      });
    },
  };
}

/** Tells that there was a value, and how long it was, and nothing else of it. */
function mask(value: string): string {
  return `*** (${value.length} characters)`;
}
