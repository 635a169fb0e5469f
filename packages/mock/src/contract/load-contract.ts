import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkInWorker } from './check-in-worker.ts';
import { ContractError } from './contract-error.ts';
import type { ContractModel } from './contract-model.ts';
import { describeOperations } from './describe-operations.ts';
import type { Engine } from './engine.ts';
import { loadPrism } from './prism.ts';
import { createPrismEngine } from './prism-engine.ts';

export interface LoadedContract {
  readonly model: ContractModel;
  readonly engine: Engine;
  /** The same contract, as if its operations insisted on a token. */
  readonly strictEngine: Engine;
  /** The document and every local file that it refers to, as absolute paths. */
  readonly files: readonly string[];
}

/**
 * Reads an OpenAPI document, with the files that it refers to, and makes Prism ready for it.
 * @param checked false only for a document that is known to be sound, such as the built contract: it saves the
 *   time of the structure check
 * @throws {ContractError} where it is missing, unreadable or not sound
 */
export async function loadContract(spec: string, checked = true): Promise<LoadedContract> {
  const file = resolve(spec);
  await access(file).catch(() => {
    throw new ContractError(`${spec}: no such file`, [file]);
  });
  // On a thread of its own, while Prism is loaded on this one.
  const sound = checked ? checkInWorker(file) : undefined;
  const prism = loadPrism();
  await sound;
  const parser = new prism.RefParser();
  let files = [file];
  try {
    const document = (await parser.bundle(file)) as Document;
    files = [...new Set([file, ...parser.$refs.paths('file').map((path) => resolve(path))])];
    if (typeof document?.openapi !== 'string' || !document.openapi.startsWith('3.')) {
      throw new Error('not an OpenAPI 3 document');
    }
    const operations = await prism.getHttpOperationsFromSpec(document);
    if (operations.length === 0) throw new Error('there are no operations in it');
    return {
      model: {
        title: String(document.info?.title ?? 'Untitled'),
        version: String(document.info?.version ?? ''),
        operations: describeOperations(operations),
      },
      engine: createPrismEngine(prism, operations),
      strictEngine: createPrismEngine(
        prism,
        operations.map(({ security = [], ...operation }) => ({
          ...operation,
          security: security.filter((schemes) => schemes.length > 0),
        })),
      ),
      files,
    };
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split('\n');
    throw new ContractError(`${spec}: ${line}`, files);
  }
}

interface Document {
  openapi?: unknown;
  info?: { title?: unknown; version?: unknown };
}
