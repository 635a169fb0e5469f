import { SetupError } from './guard-setup.ts';
import type { CheckedOperation, Setup, SetupFunction } from './setup.ts';

interface Declared {
  capabilities?: string[];
  token?: string;
  credentials?: Record<string, string>;
  secondToken?: string;
  secondCredentials?: Record<string, string>;
  requiresToken?: boolean;
  badToken?: string;
  retries?: 'success' | 'not-found';
  secrets?: string[];
}

interface State {
  id: string;
  params?: Record<string, unknown>;
  body?: unknown;
  token?: string;
  credentials?: Record<string, string>;
  open?: boolean;
}

/**
 * A setup that another program provides over HTTP, in any language: `setup-protocol.yaml` of this package describes what
 * it serves.
 */
export function remoteSetup(url: string): SetupFunction {
  const base = url.replace(/\/$/, '');
  return async ({ baseUrl, seed }) => {
    const ask = async <T>(method: string, path: string, body?: object): Promise<T | undefined> => {
      const response = await fetch(`${base}${path}`, {
        method,
        ...(body && {
          body: JSON.stringify(body),
          headers: { 'Content-Type': 'application/json' },
        }),
      }).catch((cause: Error) => {
        throw new SetupError(
          `${base} gave no response: ${(cause.cause as Error)?.message ?? cause.message}`,
        );
      });
      const text = await response.text();
      if (response.status === 404) return undefined;
      if (!response.ok) {
        throw new SetupError(
          `${method} ${base}${path} responded with ${response.status}: ${text.slice(0, 200)}`,
        );
      }
      try {
        return text === '' ? undefined : (JSON.parse(text) as T);
      } catch {
        throw new SetupError(`${method} ${base}${path} responded with a body that is not JSON.`);
      }
    };
    const declared = await ask<Declared>('POST', '/runs', { baseUrl, seed });
    if (!declared)
      throw new SetupError(`POST ${base}/runs responded with nothing: expected the capabilities.`);
    const { capabilities = [], secondToken, secondCredentials, ...values } = declared;
    const stateOf = (state: string) => async (operation: CheckedOperation) => {
      const found = await ask<State>('POST', '/states', { state, operation });
      if (!found) return undefined;
      const { id, open, ...subject } = found;
      const at = `/states/${encodeURIComponent(id)}`;
      return {
        ...subject,
        params: subject.params ?? {},
        ...(open !== undefined && {
          isOpen: async () => (await ask<State>('GET', at))?.open === true,
        }),
        recover: async () => void (await ask('POST', `${at}/recover`)),
        release: async () => void (await ask('DELETE', at)),
      };
    };
    const has = (name: string) => capabilities.includes(name);
    return {
      ...values,
      ...(has('live') && { live: stateOf('live') }),
      ...(has('stuck') && { stuck: stateOf('stuck') }),
      ...(has('innerFault') && { innerFault: stateOf('innerFault') }),
      ...(has('forbidden') && { forbidden: stateOf('forbidden') }),
      ...(has('secondTenant') && {
        secondTenant: {
          token: secondToken,
          credentials: secondCredentials,
          live: stateOf('secondTenant'),
        },
      }),
      ...(has('restart') && { restart: async () => void (await ask('POST', '/restart')) }),
      close: async () => void (await ask('DELETE', '/runs')),
    } as Setup;
  };
}
