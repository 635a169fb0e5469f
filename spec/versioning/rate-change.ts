import { meaningOf } from './breaking-rules.ts';
import { isOutgoing } from './canonical/print-contract.ts';
import type { Change } from './change.ts';
import { OUR_RULES, UNKNOWN } from './our-rules.ts';
import type { RedoclyChange } from './redocly-diff.ts';

/**
 * Rates one change of the canonical document by the policy.
 * @param source where the changed part stands in the contract's own document, as a JSON pointer
 */
export function rateChange(change: RedoclyChange, source: string): Judgement {
  const judgement = judge(change, source);
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

function judge(change: RedoclyChange, source: string): Judgement {
  const [verdict] = change.verdicts;
  const rule = OUR_RULES.find((candidate) => candidate.matches(change)) ?? UNKNOWN;
  if (verdict !== undefined && !rule.first) {
    return {
      rating: 'major',
      what: change.kind === 'modified' ? sentence(change, source) : verdict.message,
      rule: verdict.ruleId,
      ...meaningOf(verdict.ruleId, change),
    };
  }
  return {
    rating: rule.rating,
    what: sentence(change, source),
    rule: rule.id,
    affects: typeof rule.affects === 'function' ? rule.affects(change) : rule.affects,
    reason: rule.reason,
    ...(rule.migration === undefined ? {} : { migration: rule.migration }),
  };
}

function sentence(
  { kind, typeName, path, property, base, revision }: RedoclyChange,
  source: string,
): string {
  const [last, ...parents] = segments(path).reverse();
  // A schema of a part is called after the part, which has a name in the contract.
  const isOnly = last === 'schema' || parents[0] === 'parameters';
  const named = segments(source).filter((key) => !/^(schema|content|.*\/.*)$/.test(key));
  // A path of the canonical document has no names of parameters.
  const whole = typeName === 'PathItem' ? segments(source) : named;
  const name = (isOnly || typeName === 'PathItem' ? whole.at(-1) : last) ?? 'the document';
  const thing = `${words(typeName)} \`${name}\``;
  if (kind === 'added') return `${thing} was added.`;
  if (kind === 'removed') return `${thing} was removed.`;
  const keyword = property?.replace(/^x-/, '');
  if (base?.value === undefined) return `\`${keyword}\` of ${thing} was added.`;
  if (revision?.value === undefined) return `\`${keyword}\` of ${thing} was removed.`;
  return `\`${keyword}\` of ${thing} changed.`;
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
