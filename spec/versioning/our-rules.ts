import { isErrorStatus, isResponse } from './breaking-rules.ts';
import { stableJson } from './canonical/stable-json.ts';
import type { Audience, Change } from './change.ts';
import type { RedoclyChange } from './redocly-diff.ts';
import { shiftOf } from './restriction.ts';

export interface OurRule {
  id: string;
  matches(change: RedoclyChange): boolean;
  rating: Change['rating'];
  affects: Audience[] | ((change: RedoclyChange) => Audience[]);
  reason: string;
  migration?: string;
  /** Holds whatever Redocly says. */
  first?: boolean;
}

const WORDS = /^(description|summary|tags|title|license|x-examples|x-words)$/;
/** Keywords that the types show. */
const TYPED = /^(enum|required|type|items|properties|additionalProperties|x-(all|any|one)Of)$/;
const ALTERNATIVE = /\/properties\/(anyOf|oneOf|allOf):[^/]+$/;

const DISCRIMINATES = /^x-(discriminator|tag)$/;
const MEMBER = /\/properties\/allOf:[^/]+$/;

/** The place of an operation, whatever fields of bodies are called. */
const OPERATION = '^#/paths/[^/]+/[a-z]+';
const inOperation = (rest: string, kind?: RedoclyChange['kind']) =>
  at(new RegExp(`${OPERATION}/${rest}$`), kind);

const isSchema = ({ typeName }: RedoclyChange) => typeName === 'Schema';
const at = (pattern: RegExp, kind?: RedoclyChange['kind']) => (change: RedoclyChange) =>
  pattern.test(change.path) && (kind === undefined || change.kind === kind);
const request = ({ path }: RedoclyChange) => !isResponse(path);
const response = ({ path }: RedoclyChange) => isResponse(path);
const modified = (typeName: string, property: string) => (change: RedoclyChange) =>
  change.kind === 'modified' && change.typeName === typeName && change.property === property;
const typed =
  (...audience: Audience[]) =>
  ({ kind, property = '' }: RedoclyChange): Audience[] =>
    kind !== 'modified' || TYPED.test(property) ? [...audience, 'types'] : audience;

/**
 * Where the policy says something else than Redocly, or Redocly says nothing; the first one that matches wins.
 * What none of them knows is unknown, and asks for a verdict of its author.
 */
export const OUR_RULES: readonly OurRule[] = [
  {
    id: 'our/names-of-map',
    matches: (change) =>
      /\/properties\/pattern:[^/]*$/.test(change.path) && change.property === 'key',
    rating: 'major',
    affects: ['callers', 'servers'],
    reason: 'Fields have other names than before.',
    migration: 'Send and read the fields under names that the new pattern allows.',
    first: true,
  },
  {
    id: 'our/narrower-format-of-response',
    matches: (change) =>
      modified('Schema', 'format')(change) &&
      shiftOf(change) === (response(change) ? 'fewer' : 'more') &&
      change.base?.value !== undefined &&
      change.revision?.value !== undefined,
    rating: 'minor',
    affects: ['servers'],
    reason: 'Callers get what they were promised, and what they sent goes on working.',
    first: true,
  },
  // --- members of allOf that cannot be merged with the rest: each restricts
  {
    id: 'our/restriction-added-in-response',
    matches: (change) => response(change) && at(MEMBER, 'added')(change),
    rating: 'minor',
    affects: ['servers'],
    reason: 'Callers get what they were promised.',
    first: true,
  },
  {
    id: 'our/restriction-removed-in-request',
    matches: (change) => request(change) && at(MEMBER, 'removed')(change),
    rating: 'minor',
    affects: ['servers'],
    reason: 'More is accepted than before.',
    first: true,
  },
  // --- alternatives (anyOf, oneOf), which the canonical document keeps like fields
  {
    id: 'our/null-of-response-removed',
    matches: (change) =>
      response(change) && at(/\/properties\/(anyOf|oneOf):null$/, 'removed')(change),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers get what they know, and their code goes on compiling.',
    first: true,
  },
  {
    id: 'our/alternative-of-response',
    matches: (change) =>
      response(change) && ALTERNATIVE.test(change.path) && change.kind !== 'modified',
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason: 'Callers took the list of alternatives for complete, and compare with each of them.',
    migration: 'Handle exactly the alternatives that are left.',
    first: true,
  },
  {
    id: 'our/new-alternative-of-request',
    matches: (change) =>
      request(change) && at(/\/properties\/(anyOf|oneOf):[^/]+$/, 'added')(change),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers have one more choice.',
    first: true,
  },
  {
    id: 'our/alternative-of-request-removed',
    matches: (change) =>
      request(change) && ALTERNATIVE.test(change.path) && change.kind !== 'modified',
    rating: 'major',
    affects: ['callers', 'types'],
    reason: 'Bodies that were good are refused.',
    migration: 'Send one of the alternatives that are left.',
    first: true,
  },
  // --- operations
  {
    id: 'our/new-operation',
    matches: at(/^#\/paths\/[^/]+(\/[a-z]+)?$/, 'added'),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Nobody calls it yet. A server that conforms to the new version offers it.',
  },
  {
    id: 'our/deprecated',
    matches: ({ property }) => property === 'deprecated',
    rating: 'minor',
    affects: ['callers', 'types'],
    reason: 'Everything works as before, but callers are told to leave.',
  },
  // --- parameters
  {
    id: 'our/new-required-parameter',
    matches: (change) =>
      inOperation('parameters/[^/]+', 'added')(change) && member(change, 'required') === true,
    rating: 'major',
    affects: ['callers', 'types'],
    reason: 'Calls without it are refused.',
    migration: 'Pass the parameter in every call.',
  },
  {
    id: 'our/new-parameter',
    matches: inOperation('parameters(/[^/]+)?', 'added'),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Calls that leave it out mean what they meant before.',
  },
  {
    id: 'our/parameter-allows-more',
    matches: ({ typeName, property = '', revision }) =>
      typeName === 'Parameter' && /^allow/.test(property) && revision?.value === true,
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers may do more than before, and servers have to accept it.',
    first: true,
  },
  {
    id: 'our/parameter-less-strict',
    matches: modified('Parameter', 'required'),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers may do more than before, and servers have to accept it.',
  },
  {
    id: 'our/parameter-renamed',
    // Of a path it has no name here, and that of a header is the same in other letters.
    matches: modified('Parameter', 'name'),
    rating: 'major',
    affects: ['types'],
    reason: 'The wire is the same, but callers pass parameters to the client by name.',
    migration: 'Pass the parameter under its new name.',
  },
  // --- request bodies
  {
    id: 'our/new-required-body',
    matches: (change) =>
      inOperation('requestBody', 'added')(change) && member(change, 'required') === true,
    rating: 'major',
    affects: ['callers', 'types'],
    reason: 'Calls without a body are refused.',
    migration: 'Send the body in every call.',
  },
  {
    id: 'our/new-body',
    matches: inOperation('requestBody(/content(/[^/]+)?)?', 'added'),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers may send more than before, and servers have to accept it.',
  },
  {
    id: 'our/body-became-optional',
    matches: modified('RequestBody', 'required'),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers may leave the body out, and servers have to accept that.',
  },
  {
    id: 'our/encoding-allows-more',
    matches: (change) => change.property === 'x-encoding' && allowsMoreTypes(change),
    rating: 'minor',
    affects: ['servers'],
    reason: 'What was accepted is accepted, and more.',
  },
  {
    id: 'our/encoding',
    matches: ({ property }) => property === 'x-encoding',
    rating: 'major',
    affects: ['callers', 'servers'],
    reason: 'The parts of the body are written another way.',
    migration: 'Write the body the new way; a client of this version does.',
  },
  // --- responses
  {
    id: 'our/new-success-status',
    matches: (change) => inOperation('responses/[^/]+', 'added')(change) && !isErrorStatus(change),
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason:
      'A caller who knows the old success status only takes it for a failure, or "accepted" for "done".',
    migration: 'Decide what the new status means for you before you take it for done.',
  },
  {
    id: 'our/new-error-status',
    matches: inOperation('responses/[^/]+', 'added'),
    rating: 'minor',
    affects: ['callers', 'servers', 'types'],
    reason: 'Callers have a branch for statuses that are not documented.',
  },
  {
    id: 'our/first-body-of-response',
    matches: (change) =>
      inOperation('responses/[^/]+/content(/[^/]+)?', 'added')(change) && change.first === true,
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers did not read a body until now.',
  },
  {
    id: 'our/new-media-type-of-response',
    matches: inOperation('responses/[^/]+/content/[^/]+', 'added'),
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason: 'A caller who sends no Accept header can get it.',
    migration: 'Send an Accept header, or read the new media type.',
  },
  {
    id: 'our/new-header',
    matches: inOperation('responses/[^/]+/headers/[^/]+', 'added'),
    rating: 'minor',
    affects: ['servers'],
    reason: 'Callers ignore headers that they do not know.',
  },
  {
    id: 'our/header-became-optional',
    matches: (change) => modified('Header', 'required')(change) && change.revision?.value === false,
    rating: 'major',
    affects: ['callers', 'types'],
    reason: 'Callers read the header without looking whether it is there.',
    migration: 'Look whether the header is there before using it.',
  },
  {
    id: 'our/header-became-required',
    matches: modified('Header', 'required'),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Callers can rely on more. A server that leaves it out does not conform any more.',
  },
  {
    id: 'our/header-written-otherwise',
    matches: ({ typeName, property = '' }) =>
      typeName === 'Header' && /^(style|explode)$/.test(property),
    rating: 'major',
    affects: ['callers', 'servers'],
    reason: 'What callers read is written another way.',
    migration: 'Read the header the new way.',
  },
  // --- schemas
  {
    id: 'our/default-added',
    matches: (change) => modified('Schema', 'default')(change) && change.base?.value === undefined,
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'What a missing value means is promised now.',
  },
  {
    id: 'our/default-changed',
    matches: modified('Schema', 'default'),
    rating: 'major',
    affects: ['callers', 'servers'],
    reason: 'A missing value means something else, so the same call does something else.',
    migration: 'Pass the value that you relied on.',
  },
  {
    id: 'our/content-encoding',
    matches: ({ property = '' }) =>
      /^content(Encoding|MediaType|Schema)$|^x-(contentSchema|xml)$/.test(property),
    rating: 'major',
    affects: ['callers', 'servers'],
    reason: 'The text of the value holds something else.',
    migration: 'Decode and encode the value the new way.',
    first: true,
  },
  {
    id: 'our/more-tags-of-request',
    matches: (change) => request(change) && change.property === 'x-tag' && hasMoreTags(change),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'The old tags are accepted, and more.',
  },
  {
    id: 'our/discriminator',
    matches: ({ property = '', base }) => DISCRIMINATES.test(property) && base?.value !== undefined,
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason: 'Callers and servers tell the alternatives apart by it.',
    migration: 'Tell the alternatives apart the new way.',
  },
  {
    id: 'our/new-discriminator',
    matches: ({ property = '' }) => DISCRIMINATES.test(property),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'The alternatives stay, and can be told apart more easily.',
  },
  {
    id: 'our/field-of-request-removed',
    matches: (change) => request(change) && at(/\/properties\/[^/]+$/, 'removed')(change),
    rating: 'major',
    affects: ['callers', 'types'],
    reason: 'What callers ask for with the field does not happen any more.',
    migration: 'Stop sending the field.',
  },
  {
    id: 'our/new-field-of-request',
    matches: (change) => request(change) && at(/\/properties\/[^/]+$/, 'added')(change),
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'Calls that leave the field out mean what they meant before.',
  },
  {
    id: 'our/new-field-of-response',
    matches: (change) => response(change) && at(/\/properties\/[^/]+$/, 'added')(change),
    rating: 'minor',
    affects: ['types'],
    reason: 'Callers ignore fields that they do not know.',
  },
  {
    id: 'our/map-closed',
    matches: (change) =>
      response(change) &&
      isSchema(change) &&
      change.property === 'additionalProperties' &&
      change.base?.value !== undefined &&
      change.revision?.value !== undefined,
    rating: 'major',
    affects: ['callers', 'servers', 'types'],
    reason: 'Code that reads any field of the map does not compile.',
    migration: 'Read the fields that are named.',
  },
  {
    id: 'our/objects-of-response',
    matches: (change) => response(change) && change.property === 'additionalProperties',
    rating: 'minor',
    affects: ['servers'],
    reason: 'Callers get what they know, and ignore the rest.',
  },
  {
    id: 'our/objects-of-request-closed',
    matches: (change) =>
      request(change) &&
      change.property === 'additionalProperties' &&
      change.revision?.value === false,
    rating: 'major',
    affects: ['callers', 'types'],
    reason: 'Bodies with other fields are refused.',
    migration: 'Send the fields that are documented.',
  },
  {
    id: 'our/objects-of-request-opened',
    matches: (change) => request(change) && change.property === 'additionalProperties',
    rating: 'minor',
    affects: ['servers', 'types'],
    reason: 'More is accepted than before.',
  },
  {
    id: 'our/values-restricted-in-request',
    matches: (change) =>
      isSchema(change) && request(change) && isMember(change, 'added', ['fewer', 'other']),
    rating: 'major',
    affects: (change) => typed('callers', ...incomparable(change))(change),
    reason: 'Values that were good are refused.',
    migration: 'Make sure that what you send keeps the new limit.',
  },
  {
    id: 'our/values-allowed-in-request',
    matches: (change) =>
      isSchema(change) && request(change) && isMember(change, 'removed', ['more']),
    rating: 'minor',
    affects: typed('servers'),
    reason: 'More is accepted than before. What worked goes on working.',
  },
  {
    id: 'our/values-allowed-in-response',
    matches: (change) =>
      isSchema(change) && response(change) && isMember(change, 'removed', ['more', 'other']),
    rating: 'major',
    affects: (change) => typed('callers', ...incomparable(change))(change),
    reason: 'Callers get values that were excluded until now.',
    migration: 'Make sure that the new range of values fits.',
  },
  {
    id: 'our/type-of-response-restricted',
    matches: (change) => isSchema(change) && response(change) && isSameInCode(change),
    rating: 'minor',
    affects: ({ base }) => (base?.value === 'number' ? ['servers'] : ['servers', 'types']),
    reason: 'Callers get what they know, and their code goes on compiling.',
  },
  {
    id: 'our/value-of-response-removed',
    matches: (change) =>
      isSchema(change) && response(change) && /^(enum|type)$/.test(change.property ?? ''),
    rating: 'major',
    affects: ['servers', 'types'],
    reason: 'Code that compares with the value does not compile.',
    migration: 'Delete the branch for the value.',
  },
  {
    id: 'our/values-restricted-in-response',
    matches: (change) =>
      isSchema(change) && response(change) && isMember(change, 'added', ['fewer']),
    rating: 'minor',
    affects: typed('servers'),
    reason:
      'Callers get what they were promised. A server that sends more does not conform any more.',
  },
  // --- words
  {
    id: 'our/words',
    matches: ({ typeName, property = '' }) =>
      /^(Tag|TagList|Info|License)$/.test(typeName) || WORDS.test(property),
    rating: 'patch',
    affects: ['readers'],
    reason: 'The promise is the same in other words. If it is not, rate it higher by hand.',
  },
];

export const UNKNOWN: OurRule = {
  id: 'our/unknown',
  matches: () => true,
  rating: 'unknown',
  affects: ['callers', 'servers', 'types'],
  reason: 'No rule knows what this means, so its author has to say it.',
};

/** Whether a type lost no more than null or fractions, so that code for the old one fits the new one. */
function isSameInCode({ property, base, revision }: RedoclyChange): boolean {
  if (property !== 'type') return false;
  const code = (value: unknown) =>
    [value ?? []]
      .flat()
      .flatMap((type) => (type === 'integer' ? 'number' : type === 'null' ? [] : `${type}`))
      .sort()
      .join();
  return base !== undefined && revision !== undefined && code(base.value) === code(revision.value);
}

/** A keyword that restricts in one of these ways, or a whole schema that came or went (`items`, say). */
function isMember(change: RedoclyChange, kind: RedoclyChange['kind'], shifts: string[]): boolean {
  if (change.kind !== 'modified')
    return change.kind === kind && /\/(items|additionalProperties|not)$/.test(change.path);
  const shift = shiftOf(change);
  return shift !== undefined && shifts.includes(shift);
}

/** Nobody can say whether servers have to accept more, or may send less. */
function incomparable(change: RedoclyChange): Audience[] {
  return change.kind === 'modified' && shiftOf(change) === 'other' ? ['servers'] : [];
}

function hasMoreTags({ base, revision }: RedoclyChange): boolean {
  const [before, after] = [base, revision].map((end) => `${end?.value ?? ''}`.split(', '));
  return base?.value !== undefined && (before ?? []).every((tag) => after?.includes(tag));
}

/** Whether parts of a form may have more media types, and all else is as it was. */
function allowsMoreTypes({ base, revision }: RedoclyChange): boolean {
  if (!base?.value || !revision?.value) return false;
  const [before, after] = [base, revision].map(
    ({ value }) => JSON.parse(`${value}`) as Record<string, { contentType?: string }>,
  );
  const types = (one?: { contentType?: string }) => one?.contentType?.split(/, */) ?? [];
  const fields = Object.keys({ ...before, ...after });
  return fields.every((field) => {
    const [a, b] = [before?.[field], after?.[field]];
    if (!a || !b) return false;
    const rest = [a, b].map((one) => stableJson({ ...one, contentType: undefined }));
    return rest[0] === rest[1] && types(a).every((type) => types(b).includes(type));
  });
}

function member({ revision }: RedoclyChange, key: string): unknown {
  return (revision?.value as Record<string, unknown> | undefined)?.[key];
}
