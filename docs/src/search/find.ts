import MiniSearch, { type SearchResult } from 'minisearch';

/** One piece of the index; `weight` says how much more likely it is what is looked for. */
export interface Entry {
  id: string;
  title: string;
  page: string;
  text: string;
  weight: number;
}

/** What the site calls it, and what readers call it. */
const CALLED: Record<string, string> = {
  abort: 'cancel',
  'authentication token': 'authorization bearer credentials jwt login password signin',
  'base url': 'domain endpoint host hostname',
  base: 'url',
  'breaking version': 'migration migrate upgrade upgrading',
  certificate: 'mtls self-signed ssl',
  'changes versions': 'changelog history news',
  checked: 'validate validation',
  client: 'library sdk',
  'close end': 'cancel destroy disconnect drop kill logout purge signout stop terminate',
  commonjs: 'cjs esm',
  conformance: 'certify compliance pact',
  containers: 'docker kubernetes podman',
  cors: 'preflight',
  decisions: 'adr',
  delete: 'remove',
  departures: 'allowlist known waiver',
  deprecated: 'deprecation sunset',
  dynamic: 'faker random',
  econnreset: 'hang socket',
  end: 'close',
  events: 'hook observability',
  exceptions: 'raise throw',
  exclude: 'ignore skip',
  faults: 'chaos flaky',
  feed: 'atom rss',
  forbidden: 'denied permission',
  fresh: 'expire refresh renew revoke rotate',
  har: 'record recording',
  id: 'guid uuid',
  language: 'golang java rust',
  latency: 'delay slow',
  'logging events': 'debug',
  major: 'backward backwards compatibility compatible',
  middleware: 'interceptor',
  mock: 'dummy fake sandbox simulate stub',
  'openapi collections': 'bruno download hoppscotch insomnia postman swagger',
  optional: 'anonymous',
  panel: 'dashboard gui',
  pattern: 'regex regexp',
  port: 'address',
  processor: 'cpu',
  provider: 'implement implementation',
  'random wait': 'exponential jitter',
  requestid: 'correlation x-request-id',
  response: 'answer',
  retry: 'reattempt repeat resend',
  scenarios: 'sequence',
  signing: 'hmac signature',
  started: 'tutorial',
  spaces: 'isolation',
  'speed benchmarks': 'performance',
  traceparent: 'opentelemetry otel tracing',
  'types openapi-typescript': 'codegen',
  typescript: 'ts types typing',
  verify: 'assert',
  version: 'semver',
  versions: 'old older previous',
  'wait retry': 'backoff',
  webhooks: 'webhook',
  workers: 'concurrency concurrent edge parallel',
  '401': 'unauthenticated',
  '408': 'timeout',
  '429': 'quota throttle',
  '503': 'unavailable',
  '504': 'gateway',
};
const SYNONYMS = new Map<string, string[]>();
for (const [ours, theirs] of Object.entries(CALLED)) {
  for (const word of theirs.split(' ').map(stem)) {
    SYNONYMS.set(word, [...(SYNONYMS.get(word) ?? []), ...ours.split(' ')]);
  }
}
/** Two words that are as often written as one. */
const COMPOUND = /\b(back|log|sign|time|web)[ -](hooks?|in|off|outs?)\b/g;
/** Words that say nothing about what is looked for. */
const EMPTY = new Set(
  (
    'a after an and are at be before by can did do does for from get happen happens has have how i if in is it long ' +
    'many mean means me much my need of on or should that the there this to was we what when where which why will ' +
    'with you your'
  ).split(' '),
);

export function createIndex(entries: readonly Entry[]): MiniSearch<Entry> {
  const index = new MiniSearch<Entry>({
    fields: ['title', 'page', 'text', 'name'],
    storeFields: ['title', 'page', 'text', 'weight'],
    extractField: (entry, field) =>
      field === 'name' ? nameOf(entry.id) : entry[field as keyof Entry],
    processTerm: stem,
    // Names such as session_id are found by their parts as well.
    tokenize: (text, field) =>
      field === 'name'
        ? [text]
        : text.split(/[^\p{L}\p{N}_.-]+/u).flatMap((word) => [word, ...parts(word)]),
  });
  index.addAll(entries);
  return index;
}

/** What a part of the reference, or a page of it, is called in code: an operation by its id. */
function nameOf(path: string): string {
  const [, page, part] = /^(?:operations\/([^/]+)\/)?(?:#(.+))?$/.exec(path) ?? [];
  return part ?? page ?? '';
}

/** So many of the best are looked at for the words side by side. */
const LOOKED_AT = 100;

/** The best pieces first: those that have all of the words before those that have some. */
export function find(index: MiniSearch<Entry>, words: string): SearchResult[] {
  const asked = words
    .toLowerCase()
    .replaceAll(COMPOUND, '$1$2')
    .split(/[\s?,;:!"]+/)
    .filter(Boolean);
  const said = asked.filter((word) => !EMPTY.has(word));
  const all = said.length > 0 ? said : asked;
  const found = new Map<string, { result: SearchResult; words: number }>();
  for (const result of all.flatMap((word) => findWord(index, word))) {
    const before = found.get(result.id);
    found.set(result.id, {
      words: (before?.words ?? 0) + 1,
      result: {
        ...result,
        score: result.score + (before?.result.score ?? 0),
        terms: [...(before?.result.terms ?? []), ...result.terms],
      },
    });
  }
  const ranked = byScore(
    [...found.values()].map(({ result, words }) =>
      Object.assign(result, { score: result.score * (words / all.length) ** 4 }),
    ),
  );
  if (asked.length < 2) return ranked;
  // Where the words stand side by side, as they were typed, they mean what the reader means.
  const phrase = asked.join(' ');
  const best = ranked.slice(0, LOOKED_AT).map((result) => {
    const together = `${result.title} ${result.text}`.toLowerCase().includes(phrase);
    return together ? { ...result, score: 3 * result.score } : result;
  });
  return [...byScore(best), ...ranked.slice(LOOKED_AT)];
}

function byScore(results: SearchResult[]): SearchResult[] {
  return results.toSorted((a, b) => b.score - a.score);
}

/** What has the word or another for the same; else what is spelled almost alike, or has a part of it. */
function findWord(index: MiniSearch<Entry>, word: string): SearchResult[] {
  const options = {
    prefix: true,
    // Who types "lan" and finds it does not mean "language".
    weights: { prefix: 0.1, fuzzy: 0.1 },
    // Who asks for a status wants what is about that one.
    boost: { title: /^\d{3}$/.test(word) ? 40 : 5, page: 3, name: 5 },
    boostDocument: (_id: unknown, _term: string, stored?: Record<string, unknown>) =>
      Number(stored?.weight ?? 1),
  };
  const tokenize = (text: string) => [text];
  const queries = [word, ...(SYNONYMS.get(stem(word)) ?? [])];
  const exact = index.search({ queries, combineWith: 'OR' }, { ...options, tokenize });
  if (exact.length > 0) return exact;
  const fuzzy = word.length > 9 ? 2 : word.length > 3 ? 1 : false;
  const alike = index.search(word, { ...options, tokenize, fuzzy });
  return alike.length > 0 ? alike : index.search(word, options);
}

/** Forms of one word count as one: close, closed, closing. */
function stem(term: string): string {
  const word = term.toLowerCase();
  if (/[\d_.-]/.test(word)) return word;
  return word
    .replace(/(?<=...)ie[sd]$/, 'y')
    .replace(/(?<=..[^suia])s$|(?<=..(?:[sxz]|[cs]h))es$/, '')
    .replace(/(?<=....)ing$|(?<=...)ed?$/, '');
}

function parts(word: string): string[] {
  const split = word.split(/[_.-]|(?<=[a-z])(?=[A-Z])/);
  return split.length > 1 ? split : [];
}
