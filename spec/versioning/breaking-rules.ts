import type { Audience } from './change.ts';
import type { RedoclyChange } from './redocly-diff.ts';

interface Meaning {
  affects: Audience[];
  reason: string;
  migration: string;
}

type Rule = Meaning | ((change: RedoclyChange) => Meaning);

/**
 * Redocly's rules, which find what is breaking, and what we add to them: whom it breaks, for what reason, and what those do about it.
 */
const RULES: Readonly<Record<string, Rule>> = {
  'path-removed': {
    affects: ['callers', 'servers', 'types'],
    reason: 'Calls to the old path are refused.',
    migration: 'Call the new path; a client of this version does.',
  },
  'operation-removed': {
    affects: ['callers', 'types'],
    reason: 'Calls that worked are refused, and the client loses a method.',
    migration: 'Stop calling the operation; see the changelog for what replaces it.',
  },
  'operation-id-changed': {
    affects: ['types'],
    reason: 'The client method and the types of the operation are named after it.',
    migration: 'Use the new name of the method.',
  },
  'parameter-removed': (change) => ({
    affects: change.kind === 'removed' ? ['callers', 'types'] : ['callers', 'servers', 'types'],
    reason: 'It is not read any more where callers send it.',
    migration: 'Stop passing the parameter, or pass it where the contract now reads it.',
  }),
  'parameter-became-required': {
    affects: ['callers', 'types'],
    reason: 'Calls without it are refused.',
    migration: 'Pass the parameter in every call.',
  },
  'parameter-serialization-changed': {
    affects: ['callers', 'servers'],
    reason: 'What callers send is read as something else.',
    migration: 'Write the parameter the new way; a client of this version does.',
  },
  'request-body-removed': {
    affects: ['callers'],
    reason: 'A strict server refuses the body that callers send.',
    migration: 'Send no body.',
  },
  'request-body-became-required': {
    affects: ['callers', 'types'],
    reason: 'Calls without a body are refused.',
    migration: 'Send the body in every call.',
  },
  'response-removed': (change) => ({
    affects: isErrorStatus(change) ? ['servers', 'types'] : ['callers', 'servers', 'types'],
    reason:
      'Code that handles the status does not compile, and a server that sends it leaves the contract.',
    migration: 'Delete the branch for the status; keep the default branch.',
  }),
  'response-header-removed': {
    affects: ['callers'],
    reason: 'Callers that read the header get nothing.',
    migration: 'Do without the header.',
  },
  'media-type-removed': {
    affects: ['callers', 'servers', 'types'],
    reason: 'Callers read or send that body.',
    migration: 'Use one of the media types that are left, or do without the body.',
  },
  'property-removed': {
    affects: ['callers', 'types'],
    reason: 'Callers that read the field get nothing, and their code does not compile.',
    migration: 'Do without the field.',
  },
  'required-properties-added': {
    affects: ['callers', 'types'],
    reason: 'Bodies without it are refused.',
    migration: 'Send the field in every call.',
  },
  'required-properties-removed': {
    affects: ['callers', 'types'],
    reason: 'Callers read the field without looking whether it is there.',
    migration: 'Look whether the field is there before using it.',
  },
  'enum-values-removed': {
    affects: ['callers', 'types'],
    reason: 'A call with the value is refused.',
    migration: 'Send one of the values that are left.',
  },
  'enum-values-added': {
    affects: ['callers', 'types'],
    reason: 'Callers took the list of values for complete.',
    migration: 'Handle the new value.',
  },
  'schema-type-changed': (change) => ({
    affects: isWidened(change) ? ['callers', 'types'] : ['callers', 'servers', 'types'],
    reason: 'Callers rely on the type.',
    migration: 'Handle the new type.',
  }),
  'schema-constraint-changed': (change) => ({
    affects: INCOMPARABLE.has(change.property ?? '') ? ['callers', 'servers'] : ['callers'],
    reason: isResponse(change.path)
      ? 'Callers get values that were excluded until now.'
      : 'Calls that were good are refused.',
    migration: isResponse(change.path)
      ? 'Make sure that the new range of values fits.'
      : 'Make sure that what you send keeps the new limit.',
  }),
  'schema-combinator-changed': {
    affects: ['callers', 'servers', 'types'],
    reason: 'Values have another shape.',
    migration: 'Follow the compiler: the types changed with it.',
  },
};

/** What a breaking change means. A rule that Redocly gains later is taken for the worst until it has a row of its own. */
export function meaningOf(ruleId: string, change: RedoclyChange): Meaning {
  const rule = RULES[ruleId];
  if (rule !== undefined) return typeof rule === 'function' ? rule(change) : rule;
  return {
    affects: ['callers', 'servers', 'types'],
    reason: 'Redocly rates it as breaking.',
    migration: 'Compare the two versions of the contract.',
  };
}

// Keywords whose old and new value cannot be compared: the new one may allow less and more at once.
const INCOMPARABLE = new Set(['pattern', 'format', 'const', 'multipleOf', 'not']);

export function isResponse(path: string): boolean {
  return /^#\/paths\/[^/]+\/[a-z]+\/responses\//.test(path);
}

/** The default response stands for errors where the operation names a success. */
export function isErrorStatus({ path, success }: RedoclyChange): boolean {
  return (
    isResponse(path) &&
    (path.split('/')[5] ?? '').search(success ? /^([45]|default)/ : /^[45]/) === 0
  );
}

function isWidened({ base, revision }: RedoclyChange): boolean {
  const after = [revision?.value].flat();
  return [base?.value].flat().every((type) => after.includes(type));
}
