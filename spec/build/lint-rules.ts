import type {
  Oas3Operation,
  Oas3Parameter,
  Plugin,
  Source,
  UserContext,
} from '@redocly/openapi-core';
import { noticesOf } from '../src/model/keywords/keyword-notices.ts';
import { checkSchema } from './check-schema.ts';
import { isDay, SUNSET } from './sunset.ts';

/** Lint rules that need code, as a plugin of Redocly: its messages carry file, line and column. */
export const lintRules: Plugin = {
  id: 'contract',
  rules: {
    oas3: {
      'contract/supported-keywords': () => ({ Root: { leave: checkKeywords } }),
      'contract/path-parameter-limits': () => ({ Parameter: { enter: checkPathParameter } }),
      'contract/response-extensions': () => ({ Response: { enter: checkExtensions } }),
      'contract/json-schema': () => ({ Schema: { enter: checkSchema } }),
      'contract/sunset': () => ({ Operation: { enter: checkSunset } }),
    },
  },
  configs: {
    all: {
      rules: {
        'contract/supported-keywords': 'error',
        'contract/path-parameter-limits': 'error',
        'contract/response-extensions': 'error',
        'contract/json-schema': 'error',
        'contract/sunset': 'error',
      },
    },
  },
};

/** Refuses what a part does not support, wherever the contract's files say it. */
function checkKeywords(document: object, context: UserContext): void {
  const sources = new Map<string, Source>();
  const nameOf = (source: Source) => {
    sources.set(source.absoluteRef, source);
    return source.absoluteRef;
  };
  const root = { file: nameOf(context.location.source), pointer: '#', value: document };
  const notices = noticesOf(root, ($ref, { file }) => {
    const { node, location } = context.resolve({ $ref }, file);
    return location && { file: nameOf(location.source), pointer: location.pointer, value: node };
  });
  // Redocly's own rules report what OpenAPI does not know, and a reference that leads nowhere.
  for (const { file, pointer, message } of [...notices].filter(({ known }) => known)) {
    const source = sources.get(file);
    if (source) context.report({ message, location: { source, pointer, reportOnKey: true } });
  }
}

/** A text in a path needs a rule, since clients check it before they send it: `..` in a path is another path. */
function checkPathParameter(parameter: Oas3Parameter, { resolve, report }: UserContext): void {
  if (parameter.in !== 'path' || !parameter.schema) return;
  const { node: schema, location } = resolve(parameter.schema);
  if (!schema || ![schema.type].flat().includes('string')) return;
  const { pattern } = schema;
  if (pattern === undefined && !schema.enum && !('const' in schema) && !schema.format) {
    report({
      message:
        'A path parameter that is a string needs a pattern, an enum, a const or a format: clients check it before they send it.',
      location,
    });
  } else if (pattern !== undefined && !/^\^.*\$$/.test(pattern)) {
    report({
      message: `The pattern ${pattern} of a path parameter must start with ^ and end with $: it would match any text that contains a match.`,
      location: { ...location, pointer: `${location?.pointer}/pattern` },
    });
  }
}

/** Who calls what is deprecated has to know until when it works (docs/versioning.md). */
function checkSunset(operation: Oas3Operation, { location, report }: UserContext): void {
  const { deprecated, [SUNSET]: day } = operation as Oas3Operation & Record<string, unknown>;
  if (deprecated && !isDay(day)) {
    report({
      message: `A deprecated operation says until which day it works: \`${SUNSET}: YYYY-MM-DD\` beside \`deprecated\`, at least six months from its release.`,
      location: location.child(day === undefined ? 'deprecated' : SUNSET).key(),
    });
  } else if (!deprecated && day !== undefined) {
    report({
      message: `\`${SUNSET}\` is for what is deprecated: add \`deprecated: true\`, or take the day away.`,
      location: location.child(SUNSET).key(),
    });
  }
}

/** What is not a text would be left out of the pages without a word. */
function checkExtensions(response: object, { location, report }: UserContext): void {
  for (const [name, value] of Object.entries(response)) {
    if (!/^x-(reason-phrase|outcome|retry)$/.test(name) || typeof value === 'string') continue;
    report({ message: `\`${name}\` must be a text.`, location: location.child(name).key() });
  }
}
