import type { Operation } from '@sql-sessions/contract/operations';
import * as operations from '@sql-sessions/contract/operations';
import type { paths } from '@sql-sessions/contract/raw';
import createOpenapiFetch, { type Client, type HeadersOptions, mergeHeaders } from 'openapi-fetch';
import { createHardenedFetch } from './hardened-fetch.ts';
import { checkNames } from './names.ts';
import { CALL_OPTIONS, type CallOptions, type ClientOptions } from './options.ts';
import { PlainRequest } from './plain-request.ts';
import { planRequest } from './plan-request.ts';
import { RequestError, refuse } from './request-error.ts';
import type { Exchange } from './send-attempt.ts';

const PLACES = ['path', 'query', 'header', 'cookie'];
/** What openapi-fetch takes with a call, as far as it cannot change what is sent, or to whom. */
const OWN_OPTIONS = ['params', 'body', 'parseAs', 'middleware'];
/** Options of `fetch` that concern neither. */
const FETCH_OPTIONS = ['cache', 'credentials', 'keepalive', 'priority', 'next'];

type Init = CallOptions & {
  params?: Record<string, Record<string, unknown>>;
  body?: unknown;
  headers?: HeadersOptions;
};

/**
 * openapi-fetch's client on the contract's paths, with the promises of the other client: what is sent is checked by the
 * contract, and token, timeouts, retries, redirects and sizes of bodies are the hardened fetch's business. Middleware
 * may set headers, respond by itself and look at responses. What would change the URL, the method or the service that
 * is called (`fetch`, `Request`, `baseUrl`, `redirect`, serializers) is refused.
 *
 * @throws {RequestError} of kind `invalid-argument`, at once, when an option is not usable.
 */
export function createFetchClient(options: ClientOptions): Client<paths> {
  const rows = Object.values<Operation>(operations);
  const hardened = createHardenedFetch(options, rows);
  // biome-ignore lint/suspicious/noExplicitAny: the paths of any contract
  const client = createOpenapiFetch<any>({
    baseUrl: hardened.baseUrl,
    Request: PlainRequest as unknown as typeof Request,
  });

  async function call(method: string, path: string, init?: Init | null) {
    const given = init ?? {};
    const operation = rows.find((row) => row.path === path && row.method === method.toUpperCase());
    if (!operation) return refuse(`The contract has no operation ${method} ${path}`);
    checkNames(
      given,
      [...OWN_OPTIONS, ...CALL_OPTIONS, ...FETCH_OPTIONS],
      `${operation.id}: `,
      'option',
    );
    const params = given.params ?? {};
    checkParams(operation, params);
    const headers = given.headers && headersOf(given.headers);
    const plan = planRequest(
      operation,
      hardened.baseUrl,
      ({ name, in: place }) => params[place]?.[name],
      given.body,
      headers?.get('content-type') ?? undefined,
    );
    const result = await client.request(
      method as 'get',
      path as never,
      {
        ...given,
        headers,
        params: { ...params, path: params.path ?? {}, header: undefined },
        pathSerializer: () => plan.url,
        querySerializer: () => '',
        bodySerializer: () => plan.body,
        // Of this very call: whatever middleware does, nothing but what was planned is sent.
        async fetch({ url, method, headers }: Request) {
          if (url !== plan.url || method !== operation.method) {
            refuse(`${operation.id}: URL and method must stay as they are. Nothing was sent`);
          }
          // The plan writes the type of the body.
          const others = mergeHeaders(headers, { 'content-type': null });
          const more = Object.entries(given).filter(([name]) => FETCH_OPTIONS.includes(name));
          return respond(
            await hardened.send(plan, { ...given, headers: others }, Object.fromEntries(more)),
          );
        },
      } as never,
    );
    const { status, statusText, ok } = result.response;
    if (!ok) result.error ||= `${status} ${statusText}`.trim();
    return result;
  }

  const methods = client as unknown as Record<string, unknown>;
  for (const name in methods) {
    if (/[A-Z]/.test(name)) methods[name] = (path: string, init?: Init) => call(name, path, init);
  }
  return { ...methods, request: call } as unknown as Client<paths>;
}

function headersOf(given: HeadersOptions): Headers {
  try {
    return mergeHeaders(given);
  } catch {
    return refuse('headers must be visible ASCII characters and blanks');
  }
}

function checkParams({ id, parameters }: Operation, params: NonNullable<Init['params']>): void {
  checkNames(params, PLACES, `${id}: `, 'place of parameters');
  for (const place of PLACES) {
    const names = parameters.filter((one) => one.in === place).map(({ name }) => name);
    checkNames(params[place] ?? {}, names, `${id}: `, `${place} parameter`);
  }
}

/**
 * What openapi-fetch reads. A success that is not as documented has no response at all, so that `data` is never something
 * else than its type says.
 */
function respond(exchange: Exchange): Response {
  const { httpStatus: status, operation, attempts, content } = exchange;
  const isError = status > 299 && status < 600;
  if ('reason' in exchange && (!isError || /large|incomplete/.test(exchange.reason))) {
    throw new RequestError(
      'unusable-response',
      `${operation}: the response ${status} is not usable (attempts: ${attempts}): ${exchange.reason}.`,
      attempts,
      true,
    );
  }
  // Its length is another one by now, and it is not compressed any more.
  const headers = Object.entries(exchange.headers).filter(
    ([name]) => !/^(content-length|(content|transfer)-encoding)$/.test(name),
  );
  const hasBody = ![204, 205, 304].includes(status);
  // A `Response` takes no others.
  const statusText = exchange.statusText.replace(/[^\t -\xff]/g, '');
  return new Response(hasBody ? (content as string) : null, { status, statusText, headers });
}
