import { isAnswer, isErrorStatus } from './breaking-rules.ts';
import type { Audience, Change } from './change.ts';
import type { RedoclyChange } from './redocly-diff.ts';

export interface OurRule {
  id: string;
  matches(change: RedoclyChange): boolean;
  /** null: no change at all. */
  rating: Change['rating'] | null;
  affects: Audience[] | ((change: RedoclyChange) => Audience[]);
  reason: string;
  migration?: string;
}

const WORDS = new Set([
  '$comment',
  'description',
  'example',
  'examples',
  'externalDocs',
  'summary',
  'tags',
  'title',
]);
const TYPED = new Set(['enum', 'required', 'type', 'const', 'items', 'properties']);

/**
 * Where the policy says something else than Redocly, or Redocly says nothing; the first one that matches wins.
 * Each row is a case in `test/verdicts.yaml`, and a line in the table of differences in docs/versioning.md.
 */
export const OUR_RULES: readonly OurRule[] = [
  {
    id: 'our/version-is-no-change',
    matches: ({ typeName, property }) => typeName === 'Info' && property === 'version',
    rating: null,
    affects: [],
    reason: 'The release step writes it.',
  },
  {
    id: 'our/new-success-status',
    matches: ({ kind, typeName, path }) =>
      kind === 'added' &&
      typeName === 'Response' &&
      // At the operation that answers it. Under components, it may belong to a new operation, which nobody calls yet.
      /^#\/paths\/.*\/responses\/[^/]+$/.test(path) &&
      !isErrorStatus(path),
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason:
      'A caller who knows the old success status only takes it for a failure, or "accepted" for "done".',
    migration: 'Decide what the new status means for you before you take it for done.',
  },
  {
    id: 'our/new-media-type-of-answer',
    matches: ({ kind, typeName, path }) =>
      kind === 'added' && typeName === 'MediaType' && isAnswer(path),
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason: 'A caller who sends no Accept header can get it.',
    migration: 'Send an Accept header, or read the new media type.',
  },
  {
    id: 'our/parameter-renamed',
    matches: ({ kind, typeName, property }) =>
      kind === 'modified' && typeName === 'Parameter' && property === 'name',
    rating: 'major',
    affects: ['types'],
    reason: 'The wire is the same, but callers pass parameters to the client by name.',
    migration: 'Pass the parameter under its new name.',
  },
  {
    id: 'our/default-changed',
    matches: ({ kind, typeName, property, path }) =>
      kind === 'modified' && typeName === 'Schema' && property === 'default' && !isAnswer(path),
    rating: 'major',
    affects: ['callers', 'servers'],
    reason: 'The same call, without the parameter, does something else.',
    migration: 'Pass the value that you relied on.',
  },
  {
    id: 'our/value-of-answer-removed',
    matches: (change) => change.property === 'enum' && isAnswer(change.path) && losesValues(change),
    rating: 'major',
    affects: ['servers', 'types'],
    reason: 'Code that compares with the value does not compile.',
    migration: 'Delete the branch for the value.',
  },
  {
    id: 'our/schema-name-removed',
    matches: ({ kind, path }) => kind === 'removed' && /^#\/components\/schemas\/[^/]+$/.test(path),
    rating: 'major',
    affects: ['types'],
    reason: 'The name is exported by the types and is the name of a JSON Schema file.',
    migration: 'Import the type under its new name, or do without it.',
  },
  {
    id: 'our/schema-name-added',
    matches: ({ kind, path }) => kind === 'added' && /^#\/components\/schemas\/[^/]+$/.test(path),
    rating: 'minor',
    affects: ['types'],
    reason: 'The types export one more name.',
  },
  {
    id: 'our/deprecated',
    matches: ({ property }) => property === 'deprecated',
    rating: 'minor',
    affects: ['callers', 'types'],
    reason: 'Everything works as before, but callers are told to leave.',
  },
  {
    id: 'our/example',
    matches: ({ typeName }) => typeName === 'Example' || typeName === 'ExamplesMap',
    rating: 'patch',
    affects: ['readers'],
    reason: 'Examples bind nobody. The mock answers with the new one.',
  },
  {
    id: 'our/words',
    matches: ({ kind, typeName, property = '' }) =>
      typeName === 'Tag' ||
      typeName === 'Info' ||
      typeName === 'License' ||
      (kind === 'modified' && (WORDS.has(property) || property.startsWith('x-'))),
    rating: 'patch',
    affects: ['readers'],
    reason: 'The promise is the same in other words. If it is not, rate it higher by hand.',
  },
  {
    id: 'our/path-template',
    matches: ({ typeName, property }) => typeName === 'PathItem' && property === 'key',
    rating: 'patch',
    affects: ['readers'],
    reason: 'The same path with another name for a part of it.',
  },
  {
    id: 'our/meaning',
    matches: () => true,
    rating: 'minor',
    affects: whoGetsMore,
    reason: 'More is allowed, or more is promised, than before. What worked goes on working.',
  },
];

function losesValues({ base, revision }: RedoclyChange): boolean {
  const after = new Set([revision?.value].flat());
  return [base?.value].flat().some((value) => !after.has(value));
}

function whoGetsMore({ kind, typeName, path, property = '' }: RedoclyChange): Audience[] {
  if (typeName === 'Server' || typeName === 'ServerVariable') return ['callers'];
  if (typeName === 'SecurityRequirement' || typeName === 'SecurityScheme')
    return ['callers', 'servers'];
  if (typeName === 'Response') return ['callers', 'servers', 'types'];
  if (typeName === 'Header' || typeName === 'HeadersMap') return ['servers'];
  if (kind === 'added' && typeName === 'Schema' && isAnswer(path)) return ['types'];
  if (kind === 'modified' && typeName === 'Schema' && !TYPED.has(property)) return ['servers'];
  return ['servers', 'types'];
}
