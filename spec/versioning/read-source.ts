import { readFile } from 'node:fs/promises';
import { bundle, createConfig } from '@redocly/openapi-core';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { type Contract, describeDocument, readContract } from '../src/model.ts';
import { UsageError } from './usage-error.ts';

/** A contract and the file that it was read from. */
export interface Source {
  file: string;
  /** In one piece. */
  document: object;
  contract: Contract;
  /** Line and column, from 1, of what a JSON pointer names, or of what it stands in. */
  placeOf(pointer: string): { line: number; column: number };
}

/** Reads a contract. @throws {UsageError} one sentence, where the file is not there or no OpenAPI document */
export async function readSource(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}.`);
  });
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines });
  const [problem] = yaml.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const reason = problem.message.split('\n', 1)[0]?.replace(/ at line .*$/, '');
    throw new UsageError(`${file}:${line}:${col} is not YAML: ${reason}.`);
  }
  const what = describeDocument(yaml.toJS());
  if (!/^OpenAPI 3\.1\b/.test(what))
    throw new UsageError(`${file} is ${what}. Expected OpenAPI 3.1.`);
  try {
    // What stands in other files becomes part of the document.
    const { bundle: bundled } = await bundle({ ref: file, config: await createConfig({}) });
    const document = bundled.parsed as object;
    return { file, document, contract: readContract(document), placeOf };
  } catch (error) {
    throw new UsageError(`${file} cannot be read as a contract: ${(error as Error).message}`);
  }

  function placeOf(pointer: string): { line: number; column: number } {
    const keys = pointer
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    for (; keys.length > 0; keys.pop()) {
      const node = yaml.getIn(keys, true);
      if (!isNode(node) || !node.range) continue;
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
    return { line: 1, column: 1 };
  }
}
