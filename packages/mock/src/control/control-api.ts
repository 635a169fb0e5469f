import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveContract } from '../contract/live-contract.ts';
import type { MockResponse } from '../http/message.ts';
import { problemResponse } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import type { Target } from '../http/target.ts';
import { InputError } from '../input-error.ts';
import { filterRequests, type RequestFilter, verifyRequests } from '../record/filter-requests.ts';
import { toHar } from '../record/har.ts';
import type { RecordedRequest } from '../record/recorded-request.ts';
import type { Space } from '../spaces.ts';
import { type Access, foreignPart } from './access.ts';
import { EventStream } from './event-stream.ts';
import { mockState } from './mock-state.ts';
import { readAsset } from './panel-assets.ts';

/** Everything under this path is the mock's own and never the contract's. */
export const CONTROL_PATH = '/__mock';

export interface ControlApi {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    space: Space,
  ): Promise<void>;
  /** Tells the open panels of a space of a request. */
  showRequest(space: Space, request: RecordedRequest): void;
  /** Tells the open panels of a space, or all of them, that the state has changed. */
  showState(space?: Space): void;
  close(): void;
}

interface Call {
  readonly space: Space;
  readonly input: unknown;
  readonly query: URLSearchParams;
  readonly origin: string;
}

type Handler = (call: Call) => unknown;

const NOTHING = Symbol('204');

/** What changes something. */
const CHANGES = /^(PUT|PATCH|DELETE|POST)$/;

const scenariosOf = ({ space }: Call) => ({ scenarios: space.behavior.scenarios.list() });

/** The API by which tests, tools and the panel read and set what the mock does. `control.yaml` describes it. */
export function createControlApi({
  spec,
  contract,
  access,
}: {
  spec: string;
  contract: LiveContract;
  access: Access;
}): ControlApi {
  const events = new EventStream();
  const stateOf = (space: Space) => mockState({ spec, contract, space });

  const routes: Record<string, Record<string, Handler>> = {
    '/state': { GET: ({ space }) => stateOf(space) },
    '/scenario': {
      GET: scenariosOf,
      PUT: (call) => {
        // An empty body is not the wish to take all away.
        call.space.behavior.setScenario(call.input ?? {});
        return scenariosOf(call);
      },
      DELETE: ({ space, input }) => {
        if (input === undefined) space.behavior.setScenario(null);
        else space.behavior.removeScenario(input);
        return NOTHING;
      },
    },
    '/settings': {
      GET: ({ space }) => space.behavior.settings,
      PATCH: ({ space, input }) => {
        space.behavior.setSettings(input);
        return space.behavior.settings;
      },
    },
    '/requests': {
      GET: ({ space, query }) => ({
        requests: filterRequests(space.recorder.list(), readFilter(query)),
      }),
      DELETE: ({ space }) => {
        space.recorder.clear();
        return NOTHING;
      },
    },
    '/requests.har': { GET: ({ space, origin }) => toHar(space.recorder.list(), origin) },
    '/verify': {
      POST: ({ space, input }) => ({ count: verifyRequests(space.recorder.list(), Object(input)) }),
    },
    '/reset': {
      POST: ({ space }) => {
        space.behavior.reset();
        space.recorder.clear();
        return NOTHING;
      },
    },
  };

  function showState(space?: Space) {
    for (const one of events.watchers(space)) events.sendTo(one, 'state', stateOf(one.space));
  }

  async function respond(
    method: string,
    request: IncomingMessage,
    target: Target,
    space: Space,
  ): Promise<MockResponse> {
    const path = target.path.slice(CONTROL_PATH.length).replace(/\/$/, '');
    const asset = await readAsset(path);
    if (asset) return notAllowed(method, ['GET']) ?? asset;
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) return unknownPath(path, Object.keys(routes));
    const refused = notAllowed(method, Object.keys(route));
    if (refused) return refused;
    const body = await readBody(request);
    if (typeof body === 'string') return inputProblem(`The body is ${body}.`);
    try {
      const input = method === 'GET' ? undefined : parse(new TextDecoder().decode(body));
      const scheme = 'encrypted' in request.socket ? 'https' : 'http';
      const origin = `${scheme}://${request.headers.host ?? 'localhost'}`;
      const result = route[method]?.({ space, input, query: target.query, origin });
      if (CHANGES.test(method) && path !== '/verify') showState(space);
      return result === NOTHING ? { status: 204, headers: {}, body: undefined } : json(result);
    } catch (error) {
      if (error instanceof InputError) return inputProblem(error.message);
      throw error;
    }
  }

  return {
    async handle(request, response, target, space) {
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
      const { origin } = request.headers;
      const foreign = foreignPart(access, request.headers);
      const cors: Record<string, string> =
        origin === undefined || foreign
          ? { vary: 'Origin' }
          : { vary: 'Origin', 'access-control-allow-origin': origin };
      if (foreign) return write(request, response, FOREIGN[foreign], cors);
      if (method === 'OPTIONS') {
        const path = target.path.slice(CONTROL_PATH.length).replace(/\/$/, '');
        const methods = Object.keys((Object.hasOwn(routes, path) && routes[path]) || { GET: true });
        return write(request, response, PREFLIGHT, {
          ...cors,
          'access-control-allow-methods': methods.join(', '),
          'access-control-allow-headers': 'content-type, x-mock-space',
          'access-control-max-age': '600',
        });
      }
      if (target.path === CONTROL_PATH) {
        return write(request, response, REDIRECT, cors);
      }
      if (target.path === `${CONTROL_PATH}/events` && method === 'GET') {
        events.open(space, response, cors);
        showState(space);
        return;
      }
      write(request, response, await respond(method, request, target, space), cors);
    },
    showRequest(space, request) {
      for (const one of events.watchers(space)) events.sendTo(one, 'request', request);
      // A call can have used up a step, or deleted something.
      if (!space.behavior.scenarios.isEmpty || space.behavior.settings.stateful) showState(space);
    },
    showState,
    close: () => events.close(),
  };
}

function readFilter(query: URLSearchParams): RequestFilter {
  const { header, status, ...texts } = Object.fromEntries(query);
  if (header !== undefined && !header.includes(':')) {
    throw new InputError(`header is "${header}"; it must be a name and a value, such as x-id:7.`);
  }
  return {
    ...texts,
    ...(status !== undefined && { status: Number(status) }),
    ...(header !== undefined && {
      headers: Object.fromEntries([header.split(/:(.*)/s, 2).map((part) => part.trim())]),
    }),
  };
}

function parse(text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('The body is not JSON.');
  }
}

function json(value: unknown): MockResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

function inputProblem(detail: string): MockResponse {
  return problemResponse({ status: 422, name: 'bad-input', title: 'Bad input', detail });
}

function unknownPath(path: string, known: string[]): MockResponse {
  return problemResponse({
    status: 404,
    name: 'unknown-path',
    title: 'Not in the control API',
    detail: `There is no ${CONTROL_PATH}${path.slice(0, 100)}. There is ${known.map((name) => CONTROL_PATH + name).join(', ')}.`,
  });
}

function notAllowed(method: string, methods: string[]): MockResponse | undefined {
  if (methods.includes(method)) return undefined;
  return problemResponse({
    status: 405,
    name: 'method-not-allowed',
    title: 'Not in the control API',
    detail: `There is no ${method} for this path. There is ${methods.join(', ')}.`,
    headers: { allow: methods.join(', ') },
  });
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: MockResponse,
  extra: Record<string, string>,
): void {
  // What was sent along is read and forgotten, or the next request on this connection would wait behind it.
  request.resume();
  response.writeHead(status, {
    ...extra,
    'x-content-type-options': 'nosniff',
    // The panel's calls of the contract must not share a connection with it: browsers retry a 408 there.
    connection: 'close',
    ...(headers as Record<string, string>),
    ...(status !== 204 && { 'content-length': String(Buffer.byteLength(body ?? '')) }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const PREFLIGHT: MockResponse = { status: 204, headers: {}, body: undefined };

/** With a slash, so that what the page refers to is found behind any prefix. */
const REDIRECT: MockResponse = {
  status: 308,
  headers: { location: `${CONTROL_PATH.slice(1)}/` },
  body: undefined,
};

const FOREIGN = {
  host: problemResponse({
    status: 403,
    name: 'foreign-host',
    title: 'Not under this name',
    detail:
      'The control API is for localhost and IP addresses. Start the mock with --allow-host NAME to open it for another name.',
  }),
  origin: problemResponse({
    status: 403,
    name: 'foreign-origin',
    title: 'Not for pages from elsewhere',
    detail:
      'Only pages of this machine (localhost, 127.0.0.1) may use the control API. Start the mock with --allow-origin ORIGIN to open it for another.',
  }),
};
