import {
  BaseResolver,
  bundle,
  createConfig,
  getLineColLocation,
  lint,
  type NormalizedProblem,
  ResolveError,
  type Source,
} from '@redocly/openapi-core';
import { upgrade } from '@scalar/openapi-upgrader';
import { describeDocument, keywordNotices } from '@sql-sessions/contract/model';
import { ContractError } from './contract-error.ts';

export interface ReadTask {
  /** An absolute path or a URL. */
  readonly location: string;
  /** Whether references may lead to other hosts. */
  readonly remoteRefs: boolean;
  /** Whether what is empty or not of its type is a problem too: where it was not there before, it is a mistake of the moment. */
  readonly strict: boolean;
}

export interface ReadDocument {
  /** OpenAPI 3.1 in one piece. */
  readonly document: object;
  /** What in it the mock does not support, each with its place. */
  readonly notices: readonly string[];
  /** Whether anything in it is empty or not of its type. */
  readonly isMistyped: boolean;
  /** The files that it was read from, as absolute paths; URLs are not among them. */
  readonly files: string[];
}

/** Milliseconds in which a document, or a part of it, must arrive. */
const TIME_LIMIT = 10_000;

/** What JSON Schema allows, and the rules of OpenAPI do not know: a schema that is true or false. */
const SOUND = /^Expected type `Schema` \(object\) but got `boolean`/;
/** Faults of a document that take nothing away from what is responded: what is unknown, which `keywordNotices` tells … */
const UNKNOWN = /^Property `.*` is not expected here/;
/** … what is missing, and `exclusiveMinimum: true` and `required: true` of earlier versions, which the model does not read; … */
const TOLD =
  /^The field `(description|info|title|version|responses)` must be present|^Expected type `(number|array)` but got `boolean`/;
/** … and what is empty or not of its type, which it does not read either. */
const MISTYPED =
  /^Expected type `[a-z]+` but got|^Expected type .* but got `null`|can be one of the following only/;

/** Nodes of a document with each alias written out. What is beyond is an attack, or a mistake. */
const MOST_NODES = 5_000_000;

/**
 * Reads an OpenAPI document with all that it refers to. It must parse, have the structure of its version, and every
 * reference must lead somewhere; what is only unknown or missing in it is told, and matters of style are not looked at.
 * OpenAPI 3.0 is upgraded to 3.1.
 * @throws {ContractError} with the first problem and its line
 */
export async function readDocument(
  { location, remoteRefs, strict }: ReadTask,
  timeLimit = TIME_LIMIT,
): Promise<ReadDocument> {
  const config = await createConfig({ rules: { struct: 'error', 'no-unresolved-refs': 'error' } });
  const resolver = new Resolver(location, remoteRefs, timeLimit);
  const filesOf = () => [...resolver.cache.keys()].filter((file) => !isUrl(file));
  const fail = (error: Error) => {
    throw new ContractError(`${location}: ${error.message.split('\n')[0]}`, filesOf());
  };
  const problems = await lint({ ref: location, config, externalRefResolver: resolver }).catch(fail);
  const errors = problems.filter(
    ({ severity, message }) => severity === 'error' && !SOUND.test(message),
  );
  const isTold = (one: NormalizedProblem) =>
    isHarmless(one) || (!strict && MISTYPED.test(one.message));
  const told = errors.filter(isTold);
  const [problem, ...others] = errors.filter(
    (one) => !UNKNOWN.test(one.message) && !told.includes(one),
  );
  if (problem) {
    const [place] = problem.location;
    const reason = problem.message
      .replace(/\s+/g, ' ')
      .replace(/ \$ref$/, `$& of ${place?.pointer}`);
    const at = place ? getLineColLocation(place) : undefined;
    const where = at ? `${at.source.absoluteRef}:${at.start.line}:${at.start.col}` : location;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    const files = problems.flatMap((one) => one.location.map(({ source }) => source.absoluteRef));
    throw new ContractError(`${where}: ${reason}${more}`, [...new Set([...filesOf(), ...files])]);
  }
  const bundled = await bundle({ ref: location, config, externalRefResolver: resolver }).catch(
    fail,
  );
  const parsed = bundled.bundle.parsed as { openapi: string };
  const document: object = parsed.openapi.startsWith('3.0')
    ? (upgrade({ ...parsed }, '3.1') as object)
    : parsed;
  return {
    document,
    notices: [
      ...keywordNotices(document, ['mock']),
      ...told.map(({ location: [place], message }) => ({
        pointer: place?.pointer ?? '#/',
        message: message.replace(/\s+/g, ' '),
      })),
    ].map(({ pointer, message }) => `${pointer}: ${message}`),
    isMistyped: told.some((one) => !isHarmless(one)),
    files: filesOf(),
  };
}

/** Whether a document can be served all the same: nothing is read of the fault, or it is in an extension. */
function isHarmless({ message, location: [place] }: NormalizedProblem): boolean {
  return TOLD.test(message) || /\/x-[^/]*(\/|$)/.test(place?.pointer ?? '');
}

/** Reads files, and URLs with a time limit: the document itself, and others only where they are allowed. */
class Resolver extends BaseResolver {
  readonly #root: string;
  readonly #remoteRefs: boolean;

  constructor(root: string, remoteRefs: boolean, timeLimit: number) {
    const limited = (url: string, options: RequestInit) =>
      fetch(url, { ...options, signal: AbortSignal.timeout(timeLimit) }).catch((error: Error) => {
        const { message } = (error.cause as Error | undefined) ?? error;
        throw new Error(`${url} does not arrive: ${message}`);
      });
    super({ http: { headers: [], customFetch: limited } });
    this.#root = root;
    this.#remoteRefs = remoteRefs;
  }

  override async loadExternalRef(location: string): Promise<Source> {
    if (isUrl(location) && location !== this.#root && !this.#remoteRefs) {
      const message = `${location} is elsewhere, and references are not followed to other places. Allow it with --remote-refs, or bundle the document first.`;
      throw new ResolveError(new Error(message));
    }
    return super.loadExternalRef(location);
  }

  override parseDocument(source: Source, isRoot?: boolean) {
    const document = super.parseDocument(source, isRoot);
    if (isRoot) {
      const what = describeDocument(document.parsed);
      const [, version] = /^OpenAPI (3\.[01](?=\.|$)|3$)/.exec(what) ?? [];
      if (version === undefined)
        throw new ResolveError(new Error(`it is ${what}. Expected OpenAPI 3.0 or 3.1.`));
      // Many write a number, or leave out the last part.
      if (what === `OpenAPI ${version}`)
        (document.parsed as { openapi: string }).openapi = version === '3.1' ? '3.1.0' : '3.0.0';
    }
    if (sizeOf(document.parsed, new Map()) > MOST_NODES) {
      throw new ResolveError(
        new Error(`${source.absoluteRef}: its YAML aliases make it too large.`),
      );
    }
    return document;
  }
}

function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** Nodes of a value as a tree, whatever it shares. */
function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, Number.POSITIVE_INFINITY);
  let size = 1;
  for (const inner of Object.values(value)) size += sizeOf(inner, known);
  known.set(value, size);
  return size;
}
