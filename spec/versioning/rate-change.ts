import { meaningOf } from './breaking-rules.ts';
import type { Change } from './change.ts';
import { OUR_RULES } from './our-rules.ts';
import type { RedoclyChange } from './redocly-diff.ts';

/** Rates one change by the policy; null if it is no change of the contract at all. */
export function rateChange(change: RedoclyChange): Change | null {
  const { base, revision } = change;
  const place = revision ?? base;
  const described = {
    kind: change.kind,
    where: readable(change.path),
    ...(base === undefined ? {} : { before: base.value }),
    ...(revision === undefined ? {} : { after: revision.value }),
    at: { file: place?.file ?? '', line: place?.line ?? 1, column: place?.col ?? 1 },
  };

  const [verdict] = change.verdicts;
  if (verdict !== undefined) {
    return {
      rating: 'major',
      what: verdict.message,
      rule: verdict.ruleId,
      ...described,
      ...meaningOf(verdict.ruleId, change),
    };
  }

  const rule = OUR_RULES.find((candidate) => candidate.matches(change));
  if (rule === undefined || rule.rating === null) return null;
  return {
    rating: rule.rating,
    what: sentence(change),
    rule: rule.id,
    ...described,
    affects: typeof rule.affects === 'function' ? rule.affects(change) : rule.affects,
    reason: rule.reason,
    ...(rule.migration === undefined ? {} : { migration: rule.migration }),
  };
}

function sentence({ kind, typeName, path, property, base, revision }: RedoclyChange): string {
  const name = segments(path).at(-1) ?? 'the document';
  const thing = `${words(typeName)} \`${name}\``;
  if (kind === 'added') return `${thing} was added.`;
  if (kind === 'removed') return `${thing} was removed.`;
  if (base?.value === undefined) return `\`${property}\` of ${thing} was added.`;
  if (revision?.value === undefined) return `\`${property}\` of ${thing} was removed.`;
  return `\`${property}\` of ${thing} changed.`;
}

/** `SecurityScheme` as "security scheme". */
function words(typeName: string): string {
  return typeName.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function readable(path: string): string {
  const [first, ...rest] = segments(path);
  if (first !== 'paths' || rest.length < 2) return [first, ...rest].join(' › ') || 'document';
  const [template, method = '', ...inside] = rest;
  return [`${method.toUpperCase()} ${template}`, ...inside].join(' › ');
}

function segments(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
