import { isUtf8 } from 'node:buffer';
import { getLineColLocation, parseYaml, Source } from '@redocly/openapi-core';
import { asNode, childOf, valueAt } from '../src/model/references.ts';
import { describeDocument } from '../src/model.ts';

/** What is said without a place, and what stands there. */
const MARKS: readonly [string, RegExp][] = [
  ['single document', /^---(?=\s)/gm],
  ['!!binary', /!!binary/g],
];

/**
 * Says what in the first file of a contract no lint rule gets to see: what is not OpenAPI 3.1, what never ends, and what
 * JSON cannot say.
 *
 * @returns the problems, `reason (line:column)` each
 * @throws what the YAML parser says
 */
export function problemsOfSource(file: string, bytes: Buffer): string[] {
  const text = bytes.toString();
  const source = new Source(file, text);
  const placed = (reason: string, pointer: string) => {
    const { line, col } = getLineColLocation({ source, pointer, reportOnKey: true }).start;
    return `${reason} (${line}:${col})`;
  };
  if (!isUtf8(bytes))
    return [`it is not UTF-8. Save it as UTF-8. (${placeOf(text, text.indexOf('\uFFFD'))})`];
  try {
    const document = parseYaml(text);
    const what = describeDocument(document);
    if (/^OpenAPI 3\.1\b/.test(what))
      return findProblems(document).map(({ reason, pointer }) => placed(reason, pointer));
    const reason = `it is ${what}. Expected OpenAPI 3.1.`;
    return ['openapi' in asNode(document) ? placed(reason, '#/openapi') : reason];
  } catch (error) {
    const { message } = error as Error;
    const [, mark] = MARKS.find(([said]) => message.includes(said)) ?? [];
    if (!mark) throw error;
    return [`${message} (${placeOf(text, [...text.matchAll(mark)].at(-1)?.index ?? 0)})`];
  }
}

/** `line:column` of a character. */
function placeOf(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

function findProblems(document: unknown): { reason: string; pointer: string }[] {
  const found: { reason: string; pointer: string }[] = [];
  const open = new Set<unknown>();
  const done = new Set<unknown>();
  const visit = (value: unknown, pointer: string): void => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const reason = `JSON has no number ${value}. Write a finite one, or leave it out.`;
      found.push({ reason, pointer });
    }
    if (typeof value !== 'object' || value === null || done.has(value)) return;
    if (value instanceof Uint8Array) throw new Error('it has !!binary. Write a text, or Base64.');
    if (open.has(value)) {
      const reason = 'an alias stands inside its own anchor. Use a $ref to a component.';
      found.push({ reason, pointer });
      return;
    }
    open.add(value);
    if (leadsBack(document, value)) {
      const reason = 'the $ref leads back to itself. It has to end at what is not a $ref.';
      found.push({ reason, pointer: childOf(pointer, '$ref') });
    }
    for (const [key, inner] of Object.entries(value)) visit(inner, childOf(pointer, key));
    open.delete(value);
    done.add(value);
  };
  visit(document, '#');
  return found;
}

function leadsBack(document: unknown, value: object): boolean {
  const seen = new Set<unknown>();
  for (let at: unknown = value; ; ) {
    const { $ref } = asNode(at);
    if (typeof $ref !== 'string') return false;
    if (seen.has(at)) return true;
    seen.add(at);
    try {
      at = valueAt(asNode(document), $ref, '#');
    } catch {
      return false;
    }
  }
}
