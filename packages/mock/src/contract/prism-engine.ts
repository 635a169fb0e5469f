import type { IHttpRequest } from '@stoplight/prism-http';
import { parseBody } from '../door/parse-body.ts';
import type { Choice, Engine, EngineAnswer, EngineRequest } from './engine.ts';
import type { Prism, PrismOperations } from './prism.ts';
import { rememberingComponents } from './prism-components.ts';
import { Remembered } from './remember.ts';
import { silentLogger } from './silent-logger.ts';

type PrismOutput = { statusCode: number; headers?: Record<string, string>; body?: unknown };

/** `DiagnosticSeverity.Error` of Prism's validations: lesser ones do not refuse a request. */
const ERROR = 0;

const CONFIG = {
  isProxy: false,
  validateRequest: true,
  validateResponse: true,
  checkSecurity: true,
  errors: false,
  upstreamProxy: undefined,
} as const;

/** Prism, fed with the operations of a contract. It decides every answer that the contract has. */
export function createPrismEngine(prism: Prism, operations: PrismOperations): Engine {
  const instance = prism.createInstance(
    { ...CONFIG, mock: { dynamic: false } },
    { ...rememberingComponents(prism), logger: silentLogger },
  );
  const bodies = new WeakMap<PrismOutput, string | undefined>();
  const remembered = new Remembered<EngineAnswer>(1000);
  const keyOf = requestKey(operations);

  async function ask(request: EngineRequest, choice: Choice): Promise<EngineAnswer> {
    const input = toPrismRequest(request);
    const config = { ...CONFIG, mock: { dynamic: false, ...choice } };
    const decided = await instance.request(input, operations, config)();
    if (decided._tag === 'Left') return refusal(prism, decided.left);

    const { output, validations } = decided.right;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(output.headers ?? {})) {
      if (value !== null && value !== undefined) headers[name.toLowerCase()] = String(value);
    }
    if (!bodies.has(output)) {
      bodies.set(
        output,
        prism.serialize(output.body, headers['content-type']) as string | undefined,
      );
    }
    return {
      status: output.statusCode,
      headers,
      body: bodies.get(output),
      violations: validations.input
        .filter(({ severity }) => severity === ERROR)
        .map(({ message }) => message),
    };
  }

  return {
    async answer(request, choice) {
      const key = keyOf(request, choice);
      if (key === undefined) return ask(request, choice);
      const known = remembered.get(key);
      if (known) return known;
      const made = await ask(request, choice);
      remembered.set(key, made);
      return made;
    },
  };
}

/**
 * What an answer can depend on, as text: the request line, the body, and of the headers those that Prism reads
 * (content negotiation, credentials, parameters). Undefined where the answer must not be remembered: it is made
 * up, it has side effects (callbacks), or the request is too long to be worth it.
 */
function requestKey(operations: PrismOperations) {
  const names = new Set(['accept', 'authorization', 'content-type', 'cookie']);
  for (const { request, security = [] } of operations) {
    for (const { name } of request?.headers ?? []) names.add(name.toLowerCase());
    for (const scheme of security.flat()) {
      if (scheme.type === 'apiKey' && scheme.in === 'header') names.add(scheme.name.toLowerCase());
    }
  }
  const read = [...names];
  const hasCallbacks = operations.some(({ callbacks }) => callbacks?.length);

  return ({ method, path, query, headers, text }: EngineRequest, choice: Choice) => {
    if (choice.dynamic || hasCallbacks || (text?.length ?? 0) > 1000) return undefined;
    const key = JSON.stringify([
      method,
      path,
      query.size > 0 ? query.toString() : '',
      choice.code,
      choice.exampleKey,
      text,
      ...read.map((name) => headers[name]),
      headers['content-length'] === '0' || headers['content-length'] === undefined,
    ]);
    return key.length > 4000 ? undefined : key;
  };
}

function toPrismRequest({ method, path, query, headers, text }: EngineRequest): IHttpRequest {
  const baseUrl = query.get('__server');
  return {
    method: method.toLowerCase() as IHttpRequest['method'],
    url: { path, query: toNameValues(query), ...(baseUrl && { baseUrl }) },
    headers: readableHeaders(headers),
    body: text === undefined ? null : parseBody(text, headers['content-type']),
  };
}

const MEDIA_RANGES = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*([;,]|$)/;

/** Without an `Accept` or `Content-Type` that is no media type: Prism fails on those, where HTTP lets a server ignore them. */
function readableHeaders(headers: EngineRequest['headers']): EngineRequest['headers'] {
  const unreadable = ['accept', 'content-type'].filter((name) => {
    const value = headers[name];
    return value !== undefined && !value.split(',').every((part) => MEDIA_RANGES.test(part));
  });
  if (unreadable.length === 0) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !unreadable.includes(name)));
}

function toNameValues(query: URLSearchParams): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const name of query.keys()) {
    const all = query.getAll(name);
    values[name] = all.length === 1 && all[0] !== undefined ? all[0] : all;
  }
  return values;
}

function refusal({ ProblemJsonError }: Prism, error: Error & { status?: number }): EngineAnswer {
  const problem = ProblemJsonError.toProblemJson(error);
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
    violations: [problem.detail || problem.title],
    error: problem.type.split('#').at(-1) ?? 'UNKNOWN',
  };
}
