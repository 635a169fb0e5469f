import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveContract } from '../contract/live-contract.ts';
import { isLoopbackOrigin } from '../door/cors.ts';
import { type Answer, problemAnswer } from '../door/problem.ts';
import { readBody } from '../door/read-body.ts';
import type { Target } from '../door/request-target.ts';
import { InputError } from '../input-error.ts';
import type { Player } from '../play/player.ts';
import type { RecordedRequest } from '../record/recorded-request.ts';
import type { Recorder } from '../record/recorder.ts';
import { EventStream } from './event-stream.ts';
import { mockState } from './mock-state.ts';
import { readAsset } from './panel-assets.ts';

/** Everything under this path is the mock's own and never the contract's. */
export const CONTROL_PATH = '/__mock';

export interface ControlApi {
  handle(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void>;
  /** Tells the panels that are open of a request. */
  showRequest(request: RecordedRequest): void;
  /** Tells the panels that are open that the state has changed. */
  showState(): void;
  close(): void;
}

type Handler = (input: unknown) => unknown;

const NOTHING = Symbol('204');

/** The API by which tests, tools and the panel read and set what the mock plays. `control.yaml` describes it. */
export function createControlApi({
  spec,
  contract,
  player,
  recorder,
}: {
  spec: string;
  contract: LiveContract;
  player: Player;
  recorder: Recorder;
}): ControlApi {
  const events = new EventStream();
  const state = () => mockState({ spec, contract, player });
  const scenarios = () => ({ scenarios: player.scenarios.list() });

  const routes: Record<string, Record<string, Handler>> = {
    '/state': { GET: state },
    '/scenario': {
      GET: scenarios,
      PUT: changing((input) => {
        player.setScenario(input);
        return scenarios();
      }),
      DELETE: changing(() => {
        player.setScenario(null);
        return NOTHING;
      }),
    },
    '/settings': {
      GET: () => player.settings,
      PATCH: changing((input) => {
        player.setSettings(input);
        return player.settings;
      }),
    },
    '/requests': {
      GET: () => ({ requests: recorder.list() }),
      DELETE: changing(() => {
        recorder.clear();
        return NOTHING;
      }),
    },
    '/reset': {
      POST: changing(() => {
        player.reset();
        recorder.clear();
        return NOTHING;
      }),
    },
  };

  function changing(handler: Handler): Handler {
    return (input) => {
      const result = handler(input);
      showState();
      return result;
    };
  }

  function showState() {
    if (events.isWatched) events.send('state', state());
  }

  async function answer(method: string, path: string, request: IncomingMessage): Promise<Answer> {
    const asset = await readAsset(path);
    if (asset) return allowed(method, ['GET']) ?? asset;
    const route = routes[path];
    if (!route) return unknownPath(path, Object.keys(routes));
    const handler = route[method];
    if (!handler) return allowed(method, Object.keys(route)) ?? unknownPath(path, []);
    const body = await readBody(request);
    if (typeof body === 'string') return inputProblem(`The body is ${body}.`);
    try {
      const result = handler(method === 'GET' ? undefined : parse(body.text));
      return result === NOTHING ? { status: 204, headers: {}, body: undefined } : json(result);
    } catch (error) {
      if (error instanceof InputError) return inputProblem(error.message);
      throw error;
    }
  }

  return {
    async handle(request, response, target) {
      const path = target.path.slice(CONTROL_PATH.length).replace(/\/$/, '');
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
      const { origin } = request.headers;
      const foreign = origin !== undefined && !isOwn(origin, request.headers.host);
      const cors: Record<string, string> =
        origin === undefined || foreign
          ? { vary: 'Origin' }
          : { vary: 'Origin', 'access-control-allow-origin': origin };
      if (foreign) return write(request, response, FOREIGN, cors);
      if (method === 'OPTIONS') {
        const methods = Object.keys(routes[path] ?? { GET: true }).join(', ');
        return write(request, response, PREFLIGHT, {
          ...cors,
          'access-control-allow-methods': methods,
          'access-control-allow-headers': 'content-type',
          'access-control-max-age': '600',
        });
      }
      if (path === '/events' && method === 'GET') {
        events.open(response, cors);
        events.sendTo(response, 'state', state());
        return;
      }
      write(request, response, await answer(method, path, request), cors);
    },
    showRequest(request) {
      if (!events.isWatched) return;
      events.send('request', request);
      // A call can have used up a step, or closed something.
      if (player.scenarios.list().length > 0 || player.settings.stateful) showState();
    },
    showState,
    close: () => events.close(),
  };
}

/** Pages of this machine may use the API, and the panel may wherever it was served from. */
function isOwn(origin: string, host: string | undefined): boolean {
  return isLoopbackOrigin(origin) || URL.parse(origin)?.host === host;
}

function parse(text: string | undefined): unknown {
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError('The body is not JSON.');
  }
}

function json(value: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

function inputProblem(detail: string): Answer {
  return problemAnswer({ status: 422, name: 'bad-input', title: 'Bad input', detail });
}

function unknownPath(path: string, known: string[]): Answer {
  return problemAnswer({
    status: 404,
    name: 'unknown-path',
    title: 'Not in the control API',
    detail: `There is no ${CONTROL_PATH}${path.slice(0, 100)}. There is ${known.map((name) => CONTROL_PATH + name).join(', ')}.`,
  });
}

function allowed(method: string, methods: string[]): Answer | undefined {
  if (methods.includes(method)) return undefined;
  return problemAnswer({
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
  { status, headers, body }: Answer,
  extra: Record<string, string>,
): void {
  // What was sent along is read and forgotten, or the next request on this connection would wait behind it.
  request.resume();
  response.writeHead(status, {
    ...extra,
    'x-content-type-options': 'nosniff',
    // The panel's calls of the contract must not share a connection with it: browsers repeat a 408 there.
    connection: 'close',
    ...headers,
    ...(status !== 204 && { 'content-length': String(Buffer.byteLength(body ?? '')) }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const PREFLIGHT: Answer = { status: 204, headers: {}, body: undefined };

const FOREIGN = problemAnswer({
  status: 403,
  name: 'foreign-origin',
  title: 'Not for pages from elsewhere',
  detail: 'Only pages of this machine (localhost, 127.0.0.1) may use the control API.',
});
