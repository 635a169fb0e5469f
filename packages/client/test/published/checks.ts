import { createSessionsClient, RequestError } from '@sql-sessions/client';

/** Where the servers of {@link runChecks} are. */
export interface CheckServers {
  /** The mock. */
  mock: string;
  /** Nothing listens there. */
  refused: string;
  /** Redirects its only request to another origin. */
  redirect: string;
  /** Takes its only request and never responses. */
  stalled: string;
  /** Answers 500, then 404. */
  retry: string;
  /** Answers 502 with HTML and nothing more. */
  gateway: string;
}

/** What every runtime must be able to do with the packed client, and what came of it. */
export async function runChecks(at: CheckServers): Promise<Record<string, unknown>> {
  const ids = { workspace_id: 'w-1', session_id: 's-1' };
  const close = async (
    baseUrl: string,
    options = {},
    id = ids.session_id,
    signal?: AbortSignal,
  ) => {
    const client = createSessionsClient({ baseUrl, token: 'a-token-of-mine', ...options });
    try {
      const result = await client.closeSession({ ...ids, session_id: id }, { signal });
      return [result.status, result.httpStatus, result.attempts].join(' ');
    } catch (error) {
      return error instanceof RequestError ? `${error.kind} ${error.attempts}` : String(error);
    }
  };
  return {
    closed: await close(at.mock),
    dots: await close(at.mock, {}, '..'),
    refused: await close(at.refused, { maxAttempts: 1 }),
    redirect: await close(at.redirect),
    timeout: await close(at.stalled, { maxAttempts: 1, timeout: 1500 }),
    aborted: await close(at.mock, {}, 's-1', AbortSignal.abort()),
    retry: await close(at.retry),
    gateway: await close(at.gateway, { maxAttempts: 1 }),
  };
}
