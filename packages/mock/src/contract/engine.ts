import {
  type MediaType,
  type Operation,
  type Response,
  responseFor,
} from '@sql-sessions/contract/model';
import { negotiate } from '../http/media-type.ts';
import { type MockRequest, type MockResponse, withoutBody } from '../http/message.ts';
import { problemResponse } from '../http/problem.ts';
import type { RequestRules, Violation } from './check-request.ts';
import { challengesOf } from './check-security.ts';
import { Remembered } from './remember.ts';

/** Which of the documented responses is wanted. Nothing set: the default one. */
export interface Choice {
  readonly status?: number;
  /** Name of an example of the status. */
  readonly example?: string;
  /** Made up from the schema instead of taken from the examples. */
  readonly dynamic?: boolean;
  /** Makes what is made up repeatable. */
  readonly seed?: string;
}

/** Headers and body of one documented response. */
export type Content = Pick<MockResponse, 'headers' | 'body'>;

/** Makes the content of a documented response; undefined where there is none that it could make. */
export type ContentSource = (
  operation: Operation,
  response: Response,
  media: MediaType | undefined,
  choice: Choice,
) => Promise<Content | undefined>;

/** Decides what a contract responds. */
export interface Engine {
  readonly check: RequestRules['check'];
  respond(operation: Operation, request: MockRequest, choice: Choice): Promise<MockResponse>;
  /** The response to a request that breaks a rule. */
  refuse(
    operation: Operation,
    request: MockRequest,
    violation: Violation,
    choice: Choice,
  ): Promise<MockResponse>;
}

/** Statuses that tell of a violation, the first that is documented is taken; and the mock's own error where none is. */
const REFUSALS = {
  unauthorized: { statuses: [401], name: 'unauthorized', title: 'Unauthorized' },
  'unsupported-type': {
    statuses: [415, 422, 400],
    name: 'unsupported-type',
    title: 'Unsupported media type',
  },
  invalid: { statuses: [422, 400], name: 'unprocessable-entity', title: 'Invalid request' },
} as const;

export function createEngine(rules: RequestRules, contents: ContentSource): Engine {
  const made = new WeakMap<Operation, Remembered<MockResponse>>();

  /** The same response for the same question, as one object, unless it is made up anew each time. */
  async function respond(operation: Operation, { headers }: MockRequest, choice: Choice) {
    if (choice.dynamic) return make(operation, headers.accept, choice);
    const here = made.get(operation) ?? new Remembered(100);
    made.set(operation, here);
    const key = JSON.stringify([choice.status, choice.example, headers.accept]);
    const known = here.get(key);
    if (known) return known;
    const response = await make(operation, headers.accept, choice);
    if (key.length < 1000) here.set(key, response);
    return response;
  }

  async function make(
    operation: Operation,
    accept: string | undefined,
    choice: Choice,
  ): Promise<MockResponse> {
    let status = choice.status ?? defaultStatus(operation);
    if (status < 200) return interim(operation, status);
    let response = responseFor(operation, status);
    if (!response) return noResponse(operation, status);
    let media = chooseMedia(response, accept, choice.example);
    if (!media && response.content.length > 0) {
      const notAcceptable = choice.status === undefined && responseFor(operation, 406);
      if (notAcceptable && notAcceptable.status !== 'default') {
        status = 406;
        response = notAcceptable;
      }
      media = response.content[0];
    }
    const content = await contents(operation, response, media, choice);
    if (!content) return noContent(operation, status);
    const { deprecated } = operation;
    const headers = {
      ...(status === 401 && { 'www-authenticate': challengesOf(operation) }),
      ...content.headers,
      ...(deprecated && { deprecation: 'true' }),
    };
    return withoutBody({ status, headers, body: content.body });
  }

  return {
    check: rules.check,
    respond,
    async refuse(operation, request, { kind, reasons }, choice) {
      const { statuses, name, title } = REFUSALS[kind];
      const [first] = statuses;
      const documented = (status: number) => {
        const found = responseFor(operation, status);
        return found !== undefined && found.status !== 'default';
      };
      const status =
        statuses.find(documented) ?? (responseFor(operation, first) ? first : undefined);
      if (status !== undefined) {
        const example = choice.status === status ? choice.example : undefined;
        return respond(operation, request, { status, ...(example !== undefined && { example }) });
      }
      return problemResponse({
        status: first,
        name,
        title,
        detail: `${reasons.join('; ')}. The contract documents none of ${statuses.join(', ')} for it.`,
        ...(first === 401 && { headers: { 'www-authenticate': challengesOf(operation) } }),
      });
    },
  };
}

/** The status of the default response: the lowest of the successes, 200 where only `default` is documented, or the first. */
export function defaultStatus({ responses }: Operation): number {
  const successes = responses.filter(({ status }) => /^2(\d\d|XX)$/.test(status));
  const [lowest] = successes
    .map(({ status }) => Number(status.replace('XX', '00')))
    .sort((a, b) => a - b);
  if (lowest !== undefined) return lowest;
  const first = responses.find(({ status }) => !status.startsWith('1')) ?? responses[0];
  if (!first || responses.some(({ status }) => status === 'default')) return 200;
  return Number(first.status.replace('XX', '00'));
}

/** What the `Accept` header likes best; with an example, of the types that have it. */
function chooseMedia(
  { content }: Response,
  accept: string | undefined,
  example: string | undefined,
): MediaType | undefined {
  const having = example === undefined ? [] : content.filter((media) => hasExample(media, example));
  const offered = having.length > 0 ? having : content;
  const chosen = negotiate(
    accept,
    offered.map(({ mediaType }) => mediaType),
  );
  return offered.find(({ mediaType }) => mediaType === chosen) ?? having[0];
}

function hasExample({ examples }: MediaType, name: string): boolean {
  return examples.some((example) => example.name === name);
}

function noResponse({ id }: Operation, status: number): MockResponse {
  return problemResponse({
    status: 500,
    name: 'no-response',
    title: 'Not in the contract',
    detail: `The contract documents no response of ${id} for the status ${status}.`,
  });
}

/** A status before 200 announces another response, and whoever gets it waits for that one (RFC 9110, section 15.2). */
function interim({ id }: Operation, status: number): MockResponse {
  return problemResponse({
    status: 501,
    name: 'cannot-generate',
    title: 'Not a final response',
    detail: `${status} of ${id} is an interim status: it ends no request. Document the status that follows it, or ask for another one.`,
  });
}

function noContent({ id }: Operation, status: number): MockResponse {
  return problemResponse({
    status: 501,
    name: 'cannot-generate',
    title: 'No body can be made up',
    detail: `Response ${status} of ${id} has no example, and none could be made from its schema. Give it one in the contract.`,
  });
}
