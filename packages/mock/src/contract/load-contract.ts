import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Contract, readContract } from '@sql-sessions/contract/model';
import { boundedMatcher } from '../schemas/bounded-pattern.ts';
import { type Checker, createChecker } from '../schemas/checker.ts';
import { createRequestRules } from './check-request.ts';
import { ContractError } from './contract-error.ts';
import { createEngine, type Engine } from './engine.ts';
import { createContentSource } from './make-content.ts';
import type { ReadDocument } from './read-document.ts';
import { readInWorker } from './read-in-worker.ts';
import { rememberChecks } from './remember-checks.ts';
import { type BasePath, createRouter, type Router } from './router.ts';
import { unsendable } from './unsendable.ts';

/** A contract that is ready to be served. */
export interface LoadedContract {
  readonly contract: Contract;
  readonly engine: Engine;
  readonly router: Router;
  readonly checker: Checker;
  /** What in the document the mock does not support; empty for the built-in contract. */
  readonly notices: readonly string[];
  /** Whether anything in it is empty or not of its type. */
  readonly isMistyped: boolean;
  /** The document and every local file that it refers to, as absolute paths. */
  readonly files: readonly string[];
}

export interface LoadOptions {
  /** Path or URL of a document. Default: the contract of `@sql-sessions/contract`. */
  readonly spec?: string | undefined;
  readonly basePath?: BasePath;
  readonly remoteRefs?: boolean;
  /** Whether what is empty or not of its type is a problem, and not only told. */
  readonly strict?: boolean;
}

/**
 * Reads an OpenAPI document, with the files that it refers to.
 * @throws {ContractError} where it is missing, unreadable or not sound
 */
export async function loadContract(options: LoadOptions): Promise<LoadedContract> {
  const { document, ...told } = await read(options);
  try {
    const prepared = prepareContract(document, options.basePath ?? 'both');
    await prepared.checker.prepare(slices());
    const notices = [...told.notices, ...unsendable(prepared.contract)];
    return { ...prepared, ...told, notices };
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split('\n');
    throw new ContractError(`${options.spec ?? 'the contract'}: ${line}`, told.files);
  }
}

/** Lets other work in after every few milliseconds of one's own: a mock that reloads goes on responding. */
function slices(): () => Promise<void> | undefined {
  let started = performance.now();
  return () => {
    if (performance.now() - started < 10) return undefined;
    return setImmediate().then(() => {
      started = performance.now();
    });
  };
}

/** Makes a document, in one piece and of OpenAPI 3.1, ready to be served. */
export function prepareContract(
  document: object,
  basePath: BasePath,
): Omit<LoadedContract, 'notices' | 'isMistyped' | 'files'> {
  const contract = readContract(document);
  if (contract.operations.length === 0) throw new Error('there are no operations in it');
  const checker = createChecker(contract, boundedMatcher);
  return {
    contract,
    checker,
    router: createRouter(contract, basePath),
    engine: createEngine(
      rememberChecks(contract, createRequestRules(contract, checker)),
      createContentSource(contract, checker),
    ),
  };
}

async function read({
  spec,
  remoteRefs = false,
  strict = false,
}: LoadOptions): Promise<ReadDocument> {
  if (spec === undefined) {
    // It was checked when it was built.
    const file = fileURLToPath(import.meta.resolve('@sql-sessions/contract/openapi.json'));
    const document = JSON.parse(await readFile(file, 'utf8'));
    return { document, notices: [], isMistyped: false, files: [file] };
  }
  if (/^https?:\/\//i.test(spec)) return readInWorker({ location: spec, remoteRefs, strict });
  const file = resolve(spec);
  await access(file).catch(() => {
    throw new ContractError(`${spec}: no such file`, [file]);
  });
  return readInWorker({ location: file, remoteRefs, strict });
}
