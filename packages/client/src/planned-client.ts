import createOpenapiFetch, { type Client } from 'openapi-fetch';
import type { HardenedFetch, PlannedRequest } from './hardened-fetch.ts';
import type { CallOptions } from './options.ts';
import type { Plan } from './plan-request.ts';
import type { Exchange } from './send-attempt.ts';

/**
 * What openapi-fetch takes for a `Request`: it keeps URL and options as they are, so that the real `fetch` can be called
 * with them. (Node's `Request` forgets the signal that it was made with.)
 */
class PlainRequest {
  constructor(url: string, init: object) {
    Object.assign(this, init, { url });
  }

  /** A middleware may give another request back; the hardened fetch looks at what it says. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof (value as Request | undefined)?.method === 'string';
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the paths of any contract
type AnyClient = Client<any>;

/** openapi-fetch's client, to be used through {@link sendWith} alone. */
export function createPlannedClient(baseUrl: string): AnyClient {
  return createOpenapiFetch({ baseUrl, Request: PlainRequest as unknown as typeof Request });
}

/**
 * Sends a plan with openapi-fetch: it is handed a `fetch` of this very call, so that whatever middleware does, nothing
 * but what was planned is sent.
 *
 * @param respond makes what openapi-fetch reads of what came back
 */
export function sendWith(
  client: AnyClient,
  hardened: HardenedFetch,
  plan: Plan,
  init: object,
  options: CallOptions,
  respond: (exchange: Exchange) => Response,
): Promise<{ data?: unknown; error?: unknown; response: Response }> {
  const { method, path } = plan.operation;
  return client.request(
    method.toLowerCase() as 'get',
    path as never,
    {
      ...init,
      pathSerializer: () => plan.url,
      querySerializer: () => '',
      bodySerializer: () => plan.body,
      fetch: async (request: Request) =>
        respond(await hardened.send(plan, plannedOf(request), options)),
    } as never,
  );
}

function plannedOf({ url, method, headers, ...init }: Request): PlannedRequest {
  // These two are written by the plan.
  const { 'content-type': _, accept: __, ...given } = Object.fromEntries(headers ?? []);
  return { url, method, headers: given, init };
}
