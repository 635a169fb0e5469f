import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import $RefParser from '@stoplight/json-schema-ref-parser';
import { getHttpOperationsFromSpec } from '@stoplight/prism-cli/dist/operations.js';
import { ContractError } from './contract-error.ts';
import type { ContractModel } from './contract-model.ts';
import { describeOperations } from './describe-operations.ts';
import type { Engine } from './engine.ts';
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
  if (checked) {
    // Loaded only when it is needed, since it takes as long as the rest of the start.
    const { checkDocument } = await import('./check-document.ts');
    await checkDocument(file);
  }
  const parser = new $RefParser();
  let files = [file];
  try {
    const document = (await parser.bundle(file)) as Document;
    files = [...new Set([file, ...parser.$refs.paths('file').map((path) => resolve(path))])];
    if (typeof document?.openapi !== 'string' || !document.openapi.startsWith('3.')) {
      throw new Error('not an OpenAPI 3 document');
    }
    const operations = await getHttpOperationsFromSpec(document);
    if (operations.length === 0) throw new Error('there are no operations in it');
    return {
      model: {
        title: String(document.info?.title ?? 'Untitled'),
        version: String(document.info?.version ?? ''),
        operations: describeOperations(operations),
      },
      engine: createPrismEngine(operations),
      strictEngine: createPrismEngine(
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
