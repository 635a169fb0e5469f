import { type ClientOptions, createSessionsClient, RequestError } from '@sql-sessions/client';
import { createFetchClient } from '@sql-sessions/client/openapi-fetch';

/** Where the servers of {@link runChecks} are. */
export interface CheckServers {
  /** The mock. */
  mock: string;
  /** Nothing listens there. */
  refused: string;
  /** What {@link FAULTS} names, each below a path of its own. */
  faults: string;
}

const IDS = { workspace_id: 'w-1', session_id: 's-1' };
const PATH = '/v1/workspaces/{workspace_id}/sessions/{session_id}';

type Close = (
  options: ClientOptions,
  ids: typeof IDS,
  signal: AbortSignal | undefined,
) => Promise<unknown>;

const withMethods: Close = async (options, ids, signal) => {
  const result = await createSessionsClient(options).closeSession(ids, { signal });
  return [result.status, result.httpStatus, result.attempts].join(' ');
};

const withFetchClient: Close = async (options, ids, signal) => {
  const client = createFetchClient(options);
  const { response } = await client.DELETE(PATH, {
    params: { path: ids },
    ...(signal && { signal }),
  });
  return `${response.status}`;
};

/** What every runtime must be able to do with both entries of the packed client, and what came of it. */
export async function runChecks(at: CheckServers) {
  return {
    methods: await check(withMethods, at),
    fetchClient: await check(withFetchClient, at),
  };
}

async function check(send: Close, at: CheckServers): Promise<Record<string, unknown>> {
  const close = (baseUrl: string, options = {}, session_id = 's-1', signal?: AbortSignal) =>
    send({ baseUrl, token: 'a-token-of-mine', ...options }, { ...IDS, session_id }, signal).catch(
      (error) => (error instanceof RequestError ? `${error.kind} ${error.attempts}` : `${error}`),
    );
  const fault = (name: string, options = {}) => close(`${at.faults}/${name}`, options);
  return {
    closed: await close(at.mock),
    dots: await close(at.mock, {}, '..'),
    refused: await close(at.refused, { maxAttempts: 1 }),
    redirect: await fault('redirect'),
    timeout: await fault('stalled', { maxAttempts: 1, timeout: 1500 }),
    aborted: await close(at.mock, {}, 's-1', AbortSignal.abort()),
    retry: await fault('retry'),
    gateway: await fault('gateway', { maxAttempts: 1 }),
  };
}
