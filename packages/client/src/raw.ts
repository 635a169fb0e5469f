import type { paths } from '@sql-sessions/contract/raw';
import createOpenapiFetch, { type Client } from 'openapi-fetch';
import { checkBaseUrl } from './check-base-url.ts';
import type { ClientOptions } from './client-types.ts';
import { createTokenSource } from './token-source.ts';

/**
 * openapi-fetch itself on the contract's paths, for what the other client does not offer. Only this is added: the base
 * URL is checked, the token is set, and redirects come back as answers instead of being followed. Ids are not checked,
 * nothing is timed or repeated, and types and behaviour are those of openapi-fetch.
 *
 * @throws {NoAnswerError} of kind `invalid-argument`, at once, when an option is not usable.
 */
export function createRawClient(
  options: Pick<ClientOptions, 'baseUrl' | 'token' | 'allowInsecureHttp' | 'fetch'>,
): Client<paths> {
  const { token, allowInsecureHttp = false } = options;
  const baseUrl = checkBaseUrl(options.baseUrl, token !== undefined, allowInsecureHttp);
  const getToken = createTokenSource(token);
  const send = options.fetch ?? ((request: Request) => fetch(request));
  return createOpenapiFetch<paths>({
    baseUrl,
    redirect: 'manual',
    async fetch(request) {
      const asked = await getToken(false);
      if (asked !== undefined) request.headers.set('X-Auth-Token', asked);
      return send(request);
    },
  });
}
