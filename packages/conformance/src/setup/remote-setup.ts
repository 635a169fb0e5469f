import { readFile } from 'node:fs/promises';
import { readContract } from '@sql-sessions/contract/model';
import { parse } from 'yaml';
import { Schemas } from '../values/schemas.ts';
import { SetupError } from './guard-setup.ts';
import type { CheckedOperation, Setup, SetupFunction } from './setup.ts';

interface Declared {
  capabilities?: string[];
  token?: string;
  credentials?: Record<string, string>;
  secondToken?: string;
  secondCredentials?: Record<string, string>;
  requiresToken?: boolean | string[];
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
    const problemOf = await protocol();
    /** `id`: that of the operation, where its response says something. */
    const ask = async <T>(
      method: string,
      path: string,
      { body, id }: { body?: object; id?: string } = {},
    ): Promise<T | undefined> => {
      const response = await fetch(`${base}${path}`, {
        method,
        // A connection that is kept may be closed by the other side just when it is used again.
        headers: { Connection: 'close', ...(body && { 'Content-Type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      }).catch((cause: Error) => {
        throw new SetupError(
          `the setup ${base} gave no response: ${(cause.cause as Error)?.message ?? cause.message}. Start it, or correct --setup.`,
        );
      });
      const text = await response.text();
      if (response.status === 404) return undefined;
      if (!response.ok) {
        throw new SetupError(
          `${method} ${base}${path} responded with ${response.status}: ${text.replace(/\s+/g, ' ').slice(0, 200)}`,
        );
      }
      if (id === undefined) return undefined;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        throw new SetupError(`${method} ${base}${path} responded with a body that is not JSON.`);
      }
      const problem = problemOf(id, value);
      if (problem === undefined) return value as T;
      throw new SetupError(
        `${method} ${base}${path} responded with a body that breaks setup-protocol.yaml: ${problem}.`,
      );
    };
    const declared = await ask<Declared>('POST', '/runs', {
      body: { baseUrl, seed },
      id: 'startRun',
    });
    if (!declared)
      throw new SetupError(
        `POST ${base}/runs responded with 404: expected what setup-protocol.yaml describes. Correct --setup.`,
      );
    const { capabilities = [], secondToken, secondCredentials, ...values } = declared;
    const stateOf = (state: string) => async (operation: CheckedOperation) => {
      const found = await ask<State>('POST', '/states', {
        body: { state, operation },
        id: 'prepareState',
      });
      if (!found) return undefined;
      const { id, open, ...subject } = found;
      const at = `/states/${encodeURIComponent(id)}`;
      return {
        ...subject,
        params: subject.params ?? {},
        ...(open !== undefined && {
          isOpen: async () => (await ask<State>('GET', at, { id: 'showState' }))?.open === true,
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

/** What is wrong with a response to an operation of the protocol, in words; undefined: nothing. */
async function protocol(): Promise<(id: string, value: unknown) => string | undefined> {
  const file = new URL('../../setup-protocol.yaml', import.meta.url);
  const contract = readContract(parse(await readFile(file, 'utf8')));
  const schemas = new Schemas(contract);
  return (id, value) => {
    const operation = contract.operations.find((one) => one.id === id);
    const content = operation?.responses.flatMap((response) => response.content) ?? [];
    const [error] = content[0]?.schema ? schemas.errors(content[0].schema, value) : [];
    if (error === undefined) return undefined;
    const { instancePath, message, params } = error;
    const detail = [params.allowedValues ?? params.additionalProperty ?? []].flat().join(', ');
    return `${instancePath || 'it'} ${message}${detail && ` (${detail})`}`;
  };
}
