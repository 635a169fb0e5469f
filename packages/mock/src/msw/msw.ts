import { type HttpHandler, http } from 'msw';
import { readTarget } from '../door/request-target.ts';
import type { FaultKind } from '../play/fault-kind.ts';
import { GATEWAY_PAGE, halfOf } from '../play/fault-parts.ts';
import { Player } from '../play/player.ts';
import type { ScenarioInput } from '../play/scenario.ts';
import { DEFAULT_SETTINGS, readSettings, type SettingsInput } from '../play/settings.ts';
import { answerTable } from './answer-table.js';
import type { AnswerTable } from './answer-table-type.ts';
import { createTableEngine } from './table-engine.ts';

export type { FaultKind } from '../play/fault-kind.ts';
export type { After, ScenarioInput, Step, StepInput } from '../play/scenario.ts';
export type { Faults, Latency, SettingsInput } from '../play/settings.ts';

export interface MockHandlersOptions extends SettingsInput {
  /**
   * Where the API is, such as `https://api.example`; everything there is answered, also what the contract does not
   * have. Default: the contract's paths on any host, and nothing else.
   */
  baseUrl?: string;
  /** What every call gets until it is changed; `reset` goes back to it. Default: the usual answers. */
  scenario?: ScenarioInput;
}

export interface MockHandlers {
  /** For `setupServer(...handlers)` and `setupWorker(...handlers)`. */
  readonly handlers: HttpHandler[];
  /** As that of `startMock`. */
  scenario(input: ScenarioInput | null): void;
  /** As that of `startMock`. */
  settings(input: SettingsInput): void;
  /** As that of `startMock`. */
  reset(): void;
}

/**
 * Makes MSW handlers for the contract, with the same answers, examples and scenarios as the server.
 * Answers that are made up (`Prefer: dynamic=true`) are the server's alone: here they are 501, marked by
 * `X-Mock-Error: not-in-msw`.
 * @throws {InputError} where an option is not valid
 */
export function createMockHandlers({
  baseUrl,
  scenario,
  ...rest
}: MockHandlersOptions = {}): MockHandlers {
  const table = answerTable as AnswerTable;
  const { model } = table;
  const contract = {
    model,
    engine: createTableEngine(table, { strictToken: false }),
    strictEngine: createTableEngine(table, { strictToken: true }),
  };
  const player = new Player(() => contract, readSettings(rest, DEFAULT_SETTINGS), scenario);
  const base = baseUrl?.replace(/\/+$/, '') ?? '';
  const prefix = base === '' ? '' : new URL(base).pathname.replace(/\/$/, '');
  const resolve = ({ request }: { request: Request }) => answer(player, request, prefix);
  const paths = new Set(model.operations.map(({ path }) => path.replace(/\{([^}]+)\}/g, ':$1')));
  return {
    handlers:
      baseUrl === undefined
        ? [...paths].map((path) => http.all(`*${path}`, resolve))
        : [http.all(`${base}/*`, resolve)],
    scenario: (input) => player.setScenario(input),
    settings: (input) => player.setSettings(input),
    reset: () => player.reset(),
  };
}

async function answer(player: Player, request: Request, prefix: string): Promise<Response> {
  const url = new URL(request.url);
  const target = readTarget(url.pathname.slice(prefix.length) + url.search);
  if (!target) return Response.error();
  const sent = request.body === null ? '' : await request.clone().text();
  const headers = Object.fromEntries(request.headers);
  if (sent !== '') headers['content-length'] = String(sent.length);
  const text = sent === '' ? undefined : sent;
  const played = await player.play({ method: request.method, ...target, headers, text });
  if (played.delayMs > 0) await new Promise((done) => setTimeout(done, played.delayMs));
  const { status, headers: answered, body } = played.answer;
  if (played.fault) return playFault(played.fault, status, body);
  const empty = body === undefined || status === 204 || status === 304 || request.method === 'HEAD';
  return new Response(empty ? null : body, { status, headers: answered });
}

function playFault(kind: FaultKind, status: number, body: string | undefined): Promise<Response> {
  // A promise that is never kept: the call hangs, as it does against the server.
  if (kind === 'stall') return new Promise(() => undefined);
  return Promise.resolve(brokenResponse(kind, status, body));
}

function brokenResponse(
  kind: Exclude<FaultKind, 'stall'>,
  status: number,
  body: string | undefined,
): Response {
  if (kind === 'reset') return Response.error();
  if (kind === 'html502') {
    return new Response(GATEWAY_PAGE, { status: 502, headers: { 'content-type': 'text/html' } });
  }
  const half = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(halfOf(body).sent)),
    pull: (controller) => controller.error(new TypeError('terminated')),
  });
  return new Response(half, { status, headers: { 'content-type': 'application/json' } });
}
