import { checkInput } from '../behavior/check-input.ts';
import { isPart, parsed } from '../behavior/scenarios.ts';
import { InputError } from '../input-error.ts';
import type { RecordedRequest } from './recorded-request.ts';

/** Which of the listed requests are meant; nothing set: all. */
export interface RequestFilter {
  /** The `operationId`. */
  readonly operation?: string;
  readonly method?: string;
  readonly status?: number;
  /** Path without the query. */
  readonly path?: string;
  /** Values of headers, in any letter case of their names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Part of the JSON body, or a text that the body has in it. */
  readonly body?: unknown;
}

/** How many requests there must have been. */
export interface Expectation extends RequestFilter {
  /** Exactly so many. Default: at least one */
  readonly times?: number;
}

/** @throws {InputError} where the filter is not valid */
export function filterRequests(
  requests: readonly RecordedRequest[],
  filter: RequestFilter,
): RecordedRequest[] {
  checkInput('Expectation', filter);
  const { operation, method, status, path, headers = {}, body } = filter;
  return requests.filter(
    (request) =>
      (operation === undefined || request.operation === operation) &&
      (method === undefined || request.method === method.toUpperCase()) &&
      (status === undefined || request.status === status) &&
      (path === undefined || request.target.split('?')[0] === path) &&
      Object.entries(headers).every(
        ([name, value]) => request.headers[name.toLowerCase()] === value,
      ) &&
      (body === undefined || hasBody(request, body)),
  );
}

/**
 * Counts requests.
 * @returns how many there were
 * @throws {InputError} where it is another number than expected; its message lists what there was
 */
export function verifyRequests(
  requests: readonly RecordedRequest[],
  expectation: Expectation,
): number {
  checkInput('Expectation', expectation);
  const { times, ...filter } = expectation;
  const { length } = filterRequests(requests, filter);
  if (times === undefined ? length > 0 : length === times) return length;
  const seen = requests
    .slice(-10)
    .map(({ method, target, status }) => `${method} ${target} ${status}`);
  const wanted = times === undefined ? 'at least 1' : times;
  throw new InputError(
    `Got ${length} requests with ${JSON.stringify(filter)}, expected ${wanted}. The last were: ${seen.join(', ') || 'none'}.`,
  );
}

function hasBody({ body }: RecordedRequest, wanted: unknown): boolean {
  if (body === null) return false;
  return typeof wanted === 'string' ? body.includes(wanted) : isPart(wanted, parsed(body));
}
