import MiniSearch, { type SearchResult } from 'minisearch';

/** One piece of the index; `weight` says how much more likely it is what is looked for. */
export interface Entry {
  id: string;
  title: string;
  page: string;
  text: string;
  weight: number;
}

/** Words of readers, and the words of the site for the same. */
const SYNONYMS: Record<string, string> = {
  answer: 'response',
  answers: 'responses',
  backoff: 'wait retry',
  bearer: 'token authentication',
  cancel: 'close abort',
  close: 'end',
  closing: 'end',
  changelog: 'changes versions',
  deprecation: 'deprecated',
  credentials: 'token authentication',
  endpoint: 'base url',
  host: 'base url',
  kill: 'close end',
  login: 'authentication token',
  repeat: 'retry',
  repeating: 'retry',
  resend: 'retry',
  terminate: 'close end',
  throttling: '429',
  timeout: '408',
  ts: 'typescript',
  typing: 'types',
  url: 'base',
  webhook: 'webhooks',
};
/** Words that say nothing about what is looked for. */
const EMPTY =
  /^(a|after|an|and|are|be|before|can|do|does|for|how|i|in|is|it|long|of|on|or|should|the|to|what|when|with|my)$/;

export function createIndex(entries: readonly Entry[]): MiniSearch<Entry> {
  const index = new MiniSearch<Entry>({
    fields: ['title', 'page', 'text'],
    storeFields: ['title', 'page', 'text', 'weight'],
    processTerm: stem,
    // Names such as session_id are found by their parts as well.
    tokenize: (text) => text.split(/[^\p{L}\p{N}_.-]+/u).flatMap((word) => [word, ...parts(word)]),
  });
  index.addAll(entries);
  return index;
}

/**
 * The best pieces first. Every word has to be there; where no piece has them all, words that are spelled almost alike
 * will do, and then some of them.
 */
export function find(index: MiniSearch<Entry>, words: string): SearchResult[] {
  const asked = words
    .toLowerCase()
    .split(/[\s?,;:!"]+/)
    .filter(Boolean);
  const said = asked.filter((word) => !EMPTY.test(word));
  const queries = (said.length > 0 ? said : asked).map((word) => ({
    combineWith: 'OR' as const,
    // Who asks for a status wants what is about that one.
    ...(/^\d{3}$/.test(word) && { boost: { title: 40 } }),
    queries: [word, ...(SYNONYMS[word]?.split(' ') ?? [])],
  }));
  const options = {
    prefix: true,
    boost: { title: 5, page: 3 },
    boostDocument: (_id: unknown, _term: string, stored?: Record<string, unknown>) =>
      Number(stored?.weight ?? 1),
  };
  const fuzzy = (term: string) => (term.length > 4 ? 0.2 : false);
  const search = (combineWith: 'AND' | 'OR', more = {}) =>
    index.search({ combineWith, queries }, { ...options, ...more });
  const exact = search('AND');
  if (exact.length > 0) return phraseFirst(exact, said.join(' '));
  const alike = search('AND', { fuzzy });
  return alike.length > 0 ? alike : search('OR', { fuzzy });
}

/** Where the words stand side by side, as they were typed, they mean what the reader means. */
function phraseFirst(results: SearchResult[], phrase: string): SearchResult[] {
  if (!phrase.includes(' ')) return results;
  const score = ({ score, title, text }: SearchResult) =>
    `${title} ${text}`.toLowerCase().includes(phrase) ? 3 * score : score;
  return results.toSorted((a, b) => score(b) - score(a));
}

/** Forms of one word count as one: close, closed, closing. */
function stem(term: string): string {
  const word = term.toLowerCase();
  return word.length > 4 && !/[\d_.-]/.test(word) ? word.replace(/(ing|ed|es|s|e)$/, '') : word;
}

function parts(word: string): string[] {
  const split = word.split(/[_.-]|(?<=[a-z])(?=[A-Z])/);
  return split.length > 1 ? split : [];
}
