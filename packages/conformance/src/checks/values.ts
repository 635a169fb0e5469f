import {
  describeLimits,
  type Operation,
  type Parameter,
  separatorOf,
  writeParameter,
} from '@sql-sessions/contract/model';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { isSafe, refusalsOf } from '../run/operations.ts';
import { breakRules } from '../values/broken.ts';
import { isText } from '../values/ids.ts';
import { acceptsWritten } from '../values/read-text.ts';
import { routed } from '../values/routed.ts';
import { sampleValid } from '../values/sample.ts';
import type { Schemas } from '../values/schemas.ts';
import { findGround, onto } from './ground.ts';

const group = 'Parameters';

/** All parameters but ids that are plain texts, which have checks of their own. */
function valued({ parameters }: Operation, context?: CheckContext): Parameter[] {
  return parameters.filter(
    (one) => one.in !== 'path' || (context !== undefined && !isText(context.schemas, one)),
  );
}

const place = (operation: Operation) => valued(operation)[0]?.pointer ?? operation.pointer;

export const valueChecks: Check[] = [
  {
    id: 'value-accepted',
    sentence:
      'Every value that a parameter allows is accepted, in the style that the contract gives it.',
    group,
    level: 'contract',
    hint: 'Read lists and objects as the parameter’s style and explode say: many frameworks know one style only.',
    source: place,
    appliesTo: (operation) => valued(operation).length > 0,
    async run(context) {
      const { schemas, operation, seed } = context;
      const ground = await findGround(context);
      const { params: given = {} } = ground.subject ?? {};
      const tried = valued(operation, context)
        .filter((one) => one.in !== 'path' && !(one.name in given && isOpaque(schemas, one)))
        .flatMap((parameter) => {
          const values = [
            ...schemas.validExamples(parameter).slice(0, 2),
            ...sampleValid(schemas, parameter.schema, seed, 4),
          ];
          return values
            .filter((value) => isSendable(parameter, value))
            .map((value) => ({ parameter, value }));
        });
      await context.each(
        tried,
        async ({ parameter, value }) => {
          const subject =
            ground.subject && !isSafe(operation) ? await context.live() : ground.subject;
          const params = { ...subject?.params, [parameter.name]: value };
          const exchange = await context.call({ ...onto(subject), params });
          const statuses = [...context.understood, ...context.successes];
          const reason = `${parameter.name} is ${shorten(value)}, which the contract allows`;
          context.expectStatus(exchange, statuses, reason);
        },
        { together: true },
      );
    },
  },
  {
    id: 'value-limits',
    sentence: 'A parameter that breaks a rule of the contract is refused, whichever rule it is.',
    group,
    level: 'contract',
    hint: 'Validate query, header and cookie values with the contract’s schemas, after turning texts into numbers where a number is asked for.',
    source: place,
    appliesTo: (operation) => refusalsOf(operation).length > 0 && operation.parameters.length > 0,
    async run(context) {
      const { schemas, operation, seed } = context;
      const ground = await findGround(context);
      const tried = valued(operation, context).flatMap((parameter) => {
        const [valid] = sampleValid(schemas, parameter.schema, seed, 1);
        const start = valid ?? schemas.validExamples(parameter)[0];
        return start === undefined
          ? []
          : breakRules(schemas, parameter.schema, start)
              .filter(
                ({ value }) =>
                  isSendable(parameter, value) && !acceptsWritten(schemas, parameter, value),
              )
              .map((broken) => ({ parameter, ...broken }));
      });
      await context.each(
        tried,
        async ({ parameter, value, at, rule }) => {
          const subject =
            ground.subject && !isSafe(operation) ? await context.live() : ground.subject;
          const params = { ...subject?.params, [parameter.name]: value };
          const inPath = parameter.in === 'path';
          const { statuses, outside } = routed(inPath ? writeParameter(parameter, value) : '');
          const exchange = await context.call({ ...onto(subject), params }, { outside });
          // A path that no route matches is not found.
          const allowed = [...ground.refusals, ...statuses, ...(inPath ? [404] : [])];
          const limits = describeLimits(schemas.flatten(parameter.schema));
          const where = at === '' ? parameter.name : `${at} of ${parameter.name}`;
          const reason = `${where} is ${shorten(value)}, which breaks ${rule}: the contract allows ${limits}`;
          context.expectStatus(exchange, allowed, reason);
        },
        { together: true },
      );
    },
  },
];

/** A text without rules of its own, such as the cursor of a page: where the setup gives one, others may mean nothing. */
function isOpaque(schemas: Schemas, { schema }: Parameter): boolean {
  const { type, enum: listed, const: fixed, pattern, format } = schemas.flatten(schema);
  return type === 'string' && [listed, fixed, pattern, format].every((one) => one === undefined);
}

/**
 * What is empty leaves no trace, and nothing says how a null is written, or a list or an object in another one, unless
 * as JSON; a list whose items hold what stands between them is another list; and a header has no place for control
 * characters.
 */
function isSendable(parameter: Parameter, value: unknown): boolean {
  const isPlain = typeof value === 'object' && parameter.mediaType === undefined;
  const parts = isPlain ? Object.values(value ?? {}) : [];
  if (isPlain && (parts.length === 0 || parts.some((part) => typeof part === 'object')))
    return false;
  const separator = separatorOf(parameter);
  if (separator !== undefined && Array.isArray(value))
    if (value.some((item) => `${item}`.includes(separator))) return false;
  const text = writeParameter(parameter, value);
  if (parameter.in === 'query' || parameter.in === 'cookie') return text !== '';
  return /^[!-~]+(?: [!-~]+)*$/.test(text) && !/^\.{1,2}$/.test(text);
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
