import { getHttpOperationsFromSpec } from '@stoplight/prism-cli/dist/operations.js';
import { createInstance, type IHttpRequest, ProblemJsonError } from '@stoplight/prism-http';
import { getHttpConfigFromRequest } from '@stoplight/prism-http-server/dist/getHttpConfigFromRequest.js';
import { serialize } from '@stoplight/prism-http-server/dist/serialize.js';
import type { Answer } from './problem.ts';
import { silentLogger } from './silent-logger.ts';

type Operations = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>;
type PrismConfig = Parameters<typeof createInstance>[0];

/** A request as Prism sees it. */
export interface EngineRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  /** Parsed JSON, other text as it came, or null where there was no body. */
  body: unknown;
}

export interface EngineAnswer extends Answer {
  /** Rules that the request broke, in words; empty where it broke none. */
  violations: string[];
  /** Set where the contract has no answer and Prism made one up: the last part of its problem type. */
  error?: string;
}

export interface Engine {
  operations: Operations;
  answer(request: EngineRequest): Promise<EngineAnswer>;
}

const CONFIG = {
  isProxy: false,
  validateRequest: true,
  validateResponse: true,
  checkSecurity: true,
  errors: false,
  upstreamProxy: undefined,
} as const;

/**
 * Prism, fed with a contract. It decides every answer that the contract has.
 * @param spec path of an OpenAPI document; it may refer to other files
 */
export async function createEngine(spec: string): Promise<Engine> {
  const operations = await getHttpOperationsFromSpec(spec);
  const prism = createInstance(configFor({ dynamic: false }), { logger: silentLogger });

  return {
    operations,
    async answer({ method, path, query, headers, body }) {
      const baseUrl = query.get('__server');
      const input: IHttpRequest = {
        method: method.toLowerCase() as IHttpRequest['method'],
        url: { path, query: toNameValues(query), ...(baseUrl && { baseUrl }) },
        headers,
        body,
      };
      const preferences = getHttpConfigFromRequest(input);
      if (preferences._tag === 'Left') return refusal(preferences.left);
      const wanted = Object.entries(preferences.right).filter(([, value]) => value !== undefined);
      const config = configFor({ dynamic: false, ...Object.fromEntries(wanted) });
      const decided = await prism.request(input, operations, config)();
      if (decided._tag === 'Left') return refusal(decided.left);

      const { output, validations } = decided.right;
      const sent: Record<string, string> = {};
      for (const [name, value] of Object.entries(output.headers ?? {})) {
        if (value !== null && value !== undefined) sent[name.toLowerCase()] = String(value);
      }
      return {
        status: output.statusCode,
        headers: sent,
        body: serialize(output.body, sent['content-type']) as string | undefined,
        violations: validations.input.map(({ message }) => message),
      };
    },
  };
}

function configFor(mock: PrismConfig['mock']): PrismConfig {
  return { ...CONFIG, mock };
}

function toNameValues(query: URLSearchParams): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const name of query.keys()) {
    const all = query.getAll(name);
    values[name] = all.length === 1 && all[0] !== undefined ? all[0] : all;
  }
  return values;
}

function refusal(error: Error & { status?: number }): EngineAnswer {
  const problem = ProblemJsonError.toProblemJson(error);
  return {
    status: error.status ?? 500,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
    violations: [problem.detail || problem.title],
    error: problem.type.split('#').at(-1) ?? 'UNKNOWN',
  };
}
