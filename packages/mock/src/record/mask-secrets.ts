import type { Contract, Credential } from '@sql-sessions/contract/model';

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
  headers(headers: Readonly<Record<string, string>>): Record<string, string>;
  target(target: string): string;
} {
  const namesIn = (place: Credential['in']) =>
    securitySchemes.flatMap(({ credential }) =>
      credential?.in === place ? [credential.name.toLowerCase()] : [],
    );
  const headerNames = new Set([...ALWAYS, ...namesIn('header')]);
  const queryNames = new Set(namesIn('query'));

  return {
    headers(headers) {
      const masked: Record<string, string> = {};
      for (const [name, value] of Object.entries(headers)) {
        masked[name] = headerNames.has(name) ? mask(value) : value;
      }
      return masked;
    },
    target(target) {
      if (queryNames.size === 0 || !target.includes('?')) return target;
      return target.replace(/([?&])([^=&]+)=([^&]*)/g, (whole, mark, name, value) =>
        queryNames.has(name.toLowerCase()) ? `${mark}${name}=${mask(value)}` : whole,
      );
    },
  };
}

/** Tells that there was a value, and how long it was, and nothing else of it. */
function mask(value: string): string {
  return `*** (${value.length} characters)`;
}
