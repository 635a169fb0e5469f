/** The words that `docs/decisions/words.md` has replaced do not come back in what users see. */
import { glob, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { run } from '@sql-sessions/testing/process';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../src/published-packages.ts';

const GONE =
  /\b(answer\w*|\w*Answer\w*|(?<!-)repeat(s|ed|ing|edly)?\b|mend(s|ed|ing)?\b|(?<!\bIP )address(es)?\b|time-outs?\b|behaviour\w*|sign(ed|ing)? in\b|front door|door\b|player\b|tookMs|done-earlier|outside the contract|takes? it that|(?<!there )(is|are) no (?!longer|more))/gi;

/** Where one of them is meant all the same: a file and the phrase. There may be ten. */
const EXCEPTIONS: [file: string, phrase: string][] = [];

/** What stands on the wire or in a frozen contract is as it is. */
const QUOTED = /Request Time-out/g;

/** What the contract calls its fields and values is its own: only its sentences are looked at. */
const names = namesIn(JSON.parse(await readFile(join(ROOT, 'spec/dist/openapi.json'), 'utf8')));

type Texts = Map<string, string>;

async function files(pattern: string, textOf: (content: string) => string): Promise<Texts> {
  const texts: Texts = new Map();
  for await (const file of glob(pattern, { cwd: ROOT, exclude: ['**/node_modules'] })) {
    texts.set(file.replaceAll(sep, '/'), textOf(await readFile(join(ROOT, file), 'utf8')));
  }
  return texts;
}

async function help(...command: string[]): Promise<Texts> {
  const args = command.map((each) => (each.includes('/') ? join(ROOT, each) : each));
  const { code, stdout } = await run(process.execPath, [...args, '--help'], { cwd: ROOT });
  expect(code).toBe(0);
  return new Map([[`${command.join(' ')} --help`, stdout]]);
}

function visible(html: string): string {
  return html
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'");
}

const asIs = (text: string) => text;
const comments = (text: string) => (text.match(/\/\*\*.*?\*\//gs) ?? []).join('\n');

describe.each([
  ['the site', async () => files('docs/dist/**/*.html', visible)],
  ['the READMEs', async () => files('{README.md,spec/README.md,packages/*/README.md}', asIs)],
  ['the docstrings', async () => files('{spec,packages/*}/dist/**/*.d.ts', comments)],
  ['the help of the mock', async () => help('packages/mock/bin/sql-sessions-mock.js')],
  ['the help of the kit', async () => help('packages/conformance/bin/sql-sessions-conformance.js')],
  ['the help of pnpm start', async () => help('scripts/src/start.ts')],
] as const)('%s', (_name, read) => {
  test('says none of them', async () => {
    const texts = await read();
    expect(texts.size).toBeGreaterThan(0);
    const found = [...texts]
      // The pages of released versions show the contract as it was then.
      .filter(([file]) => !/^docs\/dist\/(versions|changelog)\//.test(file))
      .flatMap(([file, text]) => wordsIn(file, text));
    expect(found).toEqual([]);
  });
});

/** Each forbidden word with the words around it. */
function wordsIn(file: string, text: string): string[] {
  let left = text.replaceAll(QUOTED, '').replaceAll(/\s+/g, ' ');
  for (const [where, phrase] of EXCEPTIONS) if (where === file) left = left.replaceAll(phrase, '');
  return [...left.matchAll(GONE)]
    .filter(([word]) => !names.has(word.toLowerCase()))
    .map(
      ({ index, 0: word }) =>
        `${file}: …${left.slice(Math.max(0, index - 30), index + word.length + 20)}…`,
    );
}

/** The words of a document, but for its sentences. */
function namesIn(part: unknown): Set<string> {
  if (Object(part) !== part) return new Set(`${part}`.toLowerCase().match(/[a-z]+/g));
  const inside = Object.entries(part as object).flatMap(([key, value]) =>
    typeof value === 'string' && /^(description|summary|title|x-.*)$/.test(key)
      ? []
      : [...namesIn(key), ...namesIn(value)],
  );
  return new Set(inside);
}

test('there are ten exceptions at most, and each is needed', async () => {
  expect(EXCEPTIONS.length).toBeLessThanOrEqual(10);
  for (const [file, phrase] of EXCEPTIONS) {
    const content = await readFile(join(ROOT, file), 'utf8');
    expect(visible(content).replaceAll(/\s+/g, ' '), file).toContain(phrase);
    expect(phrase, file).toMatch(new RegExp(GONE.source, 'i'));
  }
});

test.each([
  'Nothing was answered',
  'a NoAnswerError',
  'Mend the request',
  'it is no step',
  'after a time-out',
  'the address of the service',
])('it would see "%s"', (text) => {
  expect(wordsIn('x', text)).toHaveLength(1);
});

test('a name is taken for one, a sentence is not', () => {
  const schema = { properties: { Address: { description: 'To mend.', enum: ['no-answer'] } } };
  expect(namesIn(schema)).toEqual(new Set(['properties', 'address', 'enum', 'no', 'answer']));
});

test.each([
  'Request Time-out',
  'it is no longer open',
  'there is no body',
  'an IP address',
  'recommended',
])('it lets "%s" pass', (text) => {
  expect(wordsIn('x', text)).toEqual([]);
});
