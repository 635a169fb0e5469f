import { createRequire } from 'node:module';
import type $RefParser from '@stoplight/json-schema-ref-parser';
import type { createInstance } from '@stoplight/prism-http';
import { requireLazily } from './require-lazily.ts';

type PrismHttp = typeof import('@stoplight/prism-http');
type Components = Parameters<typeof createInstance>[1];

/** What the mock uses of Prism. */
export interface Prism extends Pick<PrismHttp, 'createInstance' | 'getHttpOperationsFromSpec'> {
  /** What Prism reads files with. */
  readonly RefParser: typeof $RefParser;
  readonly ProblemJsonError: PrismHttp['ProblemJsonError'];
  readonly mock: NonNullable<Components['mock']>;
  readonly validateOutput: NonNullable<Components['validateOutput']>;
  readonly serialize: typeof import('@stoplight/prism-http-server/dist/serialize.js').serialize;
}

export type PrismOperations = Awaited<ReturnType<Prism['getHttpOperationsFromSpec']>>;

let loaded: Prism | undefined;

/**
 * Loads Prism, once. Half of the modules that it would load at its start are of use only to a proxy, to Postman
 * collections, to OpenAPI 2, to its own log and to made-up answers; they are loaded when they are used.
 */
export function loadPrism(): Prism {
  if (loaded) return loaded;
  // Required and not imported, since Node and test runners do not agree on the default import of such modules.
  const require = createRequire(import.meta.url);
  const file = require.resolve('@stoplight/prism-http');
  const prism = createRequire(file);
  const core = createRequire(prism.resolve('@stoplight/prism-core'));
  const http = requireLazily(file, [
    prism.resolve('./mocker/generator/JSONSchema.js'),
    prism.resolve('@stoplight/http-spec/postman/operation'),
    prism.resolve('@stoplight/http-spec/oas2/operation'),
    prism.resolve('node-fetch'),
    prism.resolve('http-proxy-agent'),
    prism.resolve('https-proxy-agent'),
    prism.resolve('lodash/fp'),
    core.resolve('pino'),
  ]) as PrismHttp;
  const { createInstance, getHttpOperationsFromSpec, ProblemJsonError } = http;
  loaded = {
    createInstance,
    getHttpOperationsFromSpec,
    ProblemJsonError,
    RefParser: prism('@stoplight/json-schema-ref-parser'),
    mock: prism('./mocker/index.js').default,
    validateOutput: prism('./validator/index.js').validateOutput,
    serialize: require('@stoplight/prism-http-server/dist/serialize.js').serialize,
  };
  return loaded;
}
