import { meaningOf } from './breaking-rules.ts';
import { type Canonical, isOutgoing } from './canonical/print-contract.ts';
import type { Change } from './change.ts';
import { OUR_RULES, UNKNOWN } from './our-rules.ts';
import type { RedoclyChange } from './redocly-diff.ts';

/**
 * Rates one change of the canonical document by the policy.
 * @param source where the changed part stands in the contract's own document, as a JSON pointer
 * @param names of the canonical document
 */
export function rateChange(
  change: RedoclyChange,
  source: string,
  names: Canonical['names'],
): Judgement {
  const judgement = judge(change, thing(change, source, names));
  if (!isOutgoing(change.path) || judgement.rating === 'patch') return judgement;
  // No package has types or methods for what the service sends.
  if (change.property === 'operationId') {
    const { migration: _, ...rest } = judgement;
    return { ...rest, ...OUTGOING.patch, rating: 'patch' };
  }
  const { rating } = judgement;
  return {
    ...judgement,
    ...(rating === 'unknown' ? {} : OUTGOING[rating]),
    affects: ['callers', 'servers'],
  };
}

type Judgement = Pick<Change, 'rating' | 'what' | 'rule' | 'reason' | 'affects' | 'migration'>;

const OUTGOING = {
  major: {
    reason: 'Who receives these calls relies on what they hold, or may not respond as before.',
    migration: 'Follow the change where you receive these calls.',
  },
  minor: { reason: 'Who receives these calls ignores what is new, and may respond as before.' },
  patch: { affects: ['readers'], reason: 'It is a name in the documentation.' },
} satisfies Record<string, Partial<Judgement>>;

function judge(change: RedoclyChange, thing: string): Judgement {
  const [verdict] = change.verdicts;
  const rule = OUR_RULES.find((candidate) => candidate.matches(change)) ?? UNKNOWN;
  if (verdict !== undefined && !rule.first) {
    return {
      rating: 'major',
      what: change.kind === 'modified' ? sentence(change, thing) : verdict.message,
      rule: verdict.ruleId,
      ...meaningOf(verdict.ruleId, change),
    };
  }
  return {
    rating: rule.rating,
    what: sentence(change, thing),
    rule: rule.id,
    affects: typeof rule.affects === 'function' ? rule.affects(change) : rule.affects,
    reason: rule.reason,
    ...(rule.migration === undefined ? {} : { migration: rule.migration }),
  };
}

function sentence({ kind, property, base, revision }: RedoclyChange, thing: string): string {
  if (kind === 'added') return `${thing} was added.`;
  if (kind === 'removed') return `${thing} was removed.`;
  const keyword = property?.replace(/^x-/, '');
  if (base?.value === undefined) return `\`${keyword}\` of ${thing} was added.`;
  if (revision?.value === undefined) return `\`${keyword}\` of ${thing} was removed.`;
  return `\`${keyword}\` of ${thing} changed.`;
}

/** What changed: ``response `404` ``. */
function thing(
  { typeName, path }: RedoclyChange,
  source: string,
  names: Canonical['names'],
): string {
  const known = names.get(path);
  if (known) return known;
  const of = names.get(path.slice(0, path.lastIndexOf('/')));
  const [last, parent] = segments(path).reverse();
  const inline = !source.startsWith('#/components/schemas/');
  if (of && last === 'schema' && inline) return `schema of ${of}`;
  const named = segments(source).filter((key) => !/^(schema|content|.*\/.*)$/.test(key));
  // A schema of a part is called after the part, which has a name in the contract.
  const name = (last === 'schema' ? named.at(-1) : last) ?? 'the document';
  return `${parent === 'properties' ? 'property' : words(typeName)} \`${name}\``;
}

/** `SecurityScheme` as "security scheme". */
function words(typeName: string): string {
  return typeName.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** The keys of a JSON pointer. */
export function segments(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
