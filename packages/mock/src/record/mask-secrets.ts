import type { ContractModel, Secret } from '../contract/contract-model.ts';

/** Headers that carry secrets in any API. */
const ALWAYS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key', 'x-auth-token'];

/** Masks what the contract calls credentials, and the usual secrets beside them. */
export function createMask({ operations }: ContractModel): {
  headers(headers: Readonly<Record<string, string>>): Record<string, string>;
  target(target: string): string;
} {
  const secrets = operations.flatMap((operation) => operation.secrets);
  const headerNames = new Set([...ALWAYS, ...namesIn(secrets, 'header')]);
  const queryNames = namesIn(secrets, 'query');

  return {
    headers(headers) {
      const masked: Record<string, string> = {};
      for (const [name, value] of Object.entries(headers)) {
        masked[name] = headerNames.has(name) ? mask(value) : value;
      }
      return masked;
    },
    target(target) {
      if (queryNames.length === 0 || !target.includes('?')) return target;
      return target.replace(/([?&])([^=&]+)=([^&]*)/g, (whole, mark, name, value) =>
        queryNames.includes(name.toLowerCase()) ? `${mark}${name}=${mask(value)}` : whole,
      );
    },
  };
}

/** Tells that there was a value, and how long it was, and nothing else of it. */
function mask(value: string): string {
  return `*** (${value.length} characters)`;
}

function namesIn(secrets: readonly Secret[], place: Secret['in']): string[] {
  return secrets.filter((secret) => secret.in === place).map(({ name }) => name.toLowerCase());
}
