import { canHaveBody, platformTest } from '@sql-sessions/contract/model';
import { Behavior } from '../behavior/behavior.ts';
import type { FaultKind } from '../behavior/fault-kind.ts';
import { GATEWAY_PAGE, halfOf } from '../behavior/fault-parts.ts';
import type { ScenarioInput } from '../behavior/scenario.ts';
import { DEFAULT_SETTINGS, readSettings, type SettingsInput } from '../behavior/settings.ts';
import { createRequestRules } from '../contract/check-request.ts';
import { createEngine, type Engine } from '../contract/engine.ts';
import { createRouter } from '../contract/router.ts';
import { decodeBody } from '../http/decode-body.ts';
import type { MockResponse } from '../http/message.ts';
import { parseUrl } from '../http/parse-url.ts';
import { problemResponse } from '../http/problem.ts';
import { readTarget } from '../http/target.ts';
import { InputError } from '../input-error.ts';
import { createChecker } from '../schemas/checker.ts';
import { contentKey, type ResponseTable } from './response-table.ts';

export interface MockHandlersOptions extends SettingsInput {
  /**
   * Where the API is: `https://api.example`, with a path or without, or a path on the page's own origin such as `/api`.
   * Everything there gets a response, also what the contract does not have. Default: the contract's paths on any host,
   * and nothing else.
   */
  baseUrl?: string;
  /** What every call gets until it is changed; `reset` goes back to it. Default: the default responses. */
  scenario?: ScenarioInput;
}

/** Makes what the handlers need, whatever calls them. */
export function createHandlers(
  table: ResponseTable,
  { baseUrl, scenario, ...rest }: MockHandlersOptions,
) {
  const { contract } = table;
  const checker = createChecker(contract, platformTest);
  const router = createRouter(contract, 'none');
  const engine = withoutDynamic(
    createEngine(
      createRequestRules(contract, checker),
      async (operation, response, media, choice) =>
        table.contents[contentKey(operation, response, media, choice.example)],
    ),
  );
  const settings = readSettings(rest, DEFAULT_SETTINGS, contract);
  const behavior = new Behavior(() => ({ contract, engine, router }), settings, scenario);
  const base = baseUrl === undefined ? undefined : readBase(baseUrl);
  const respond = (request: Request) => handle(behavior, request, base?.prefix ?? '');
  const paths = new Set(contract.operations.map(({ path }) => path.replace(/\{[^{}]+\}/g, '*')));
  return {
    routes: (base ? [`${base.url}/*`] : [...paths].map((path) => `*${path}`)).map((path) => ({
      path,
      respond,
    })),
    scenario: (input: ScenarioInput | null) => behavior.setScenario(input),
    settings: (input: SettingsInput) => behavior.setSettings(input),
    reset: () => behavior.reset(),
  };
}

function readBase(baseUrl: string): { url: string; prefix: string } {
  const url = baseUrl.replace(/\/+$/, '');
  const parsed = parseUrl(url === '' ? '/' : url, 'http://mock');
  const isPath = baseUrl.startsWith('/') && !baseUrl.startsWith('//');
  const isBare = !/[?#]/.test(baseUrl);
  if (!parsed || !isBare || !(isPath || /^https?:\/\/./i.test(baseUrl))) {
    throw new InputError(
      `baseUrl is "${baseUrl}"; it must be a URL such as https://api.example, or a path such as /api.`,
    );
  }
  return { url, prefix: parsed.pathname.replace(/\/$/, '') };
}

/** The engine, but for bodies that are made up. */
function withoutDynamic(engine: Engine): Engine {
  return {
    ...engine,
    async respond(operation, request, choice) {
      if (!choice.dynamic) return engine.respond(operation, request, choice);
      return problemResponse({
        status: 501,
        name: 'not-in-msw',
        title: 'Only on the server',
        detail: 'Bodies are made up by the server only, not by the MSW handlers.',
      });
    },
  };
}

async function handle(behavior: Behavior, request: Request, prefix: string): Promise<Response> {
  const url = new URL(request.url);
  const target = readTarget(url.pathname.slice(prefix.length) + url.search);
  if (!target) return Response.error();
  const headers = Object.fromEntries(request.headers);
  const sent = request.body === null ? undefined : await request.clone().arrayBuffer();
  const body = sent?.byteLength
    ? await decodeBody(new Uint8Array(sent), headers['content-encoding'])
    : { text: undefined };
  const { response, fault, delayMs } = await behavior.respond({
    method: request.method,
    ...target,
    headers,
    ...body,
  });
  const { signal } = request;
  if (delayMs > 0) await wait(delayMs, signal);
  if (fault === 'stall') return new Promise((_, reject) => onAbort(signal, reject));
  return fault ? brokenResponse(fault, response) : toResponse(request.method, response);
}

function toResponse(method: string, { status, headers, body }: MockResponse): Response {
  const sentBody = canHaveBody(method, status) ? body : undefined;
  const sent = new Headers();
  for (const [name, values] of Object.entries(headers)) {
    for (const value of [values].flat()) sent.append(name, value);
  }
  return new Response(sentBody ?? null, { status, headers: sent });
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    onAbort(signal, (reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}

function onAbort(signal: AbortSignal, action: (reason: unknown) => void): void {
  if (signal.aborted) action(signal.reason);
  else signal.addEventListener('abort', () => action(signal.reason), { once: true });
}

function brokenResponse(kind: Exclude<FaultKind, 'stall'>, response: MockResponse): Response {
  if (kind === 'reset') return Response.error();
  if (kind === 'html502') {
    return new Response(GATEWAY_PAGE, { status: 502, headers: { 'content-type': 'text/html' } });
  }
  const half = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(halfOf(response.body).sent)),
    pull: (controller) => controller.error(new TypeError('terminated')),
  });
  const status = canHaveBody('GET', response.status) ? response.status : 200;
  return new Response(half, { status, headers: { 'content-type': 'application/json' } });
}
