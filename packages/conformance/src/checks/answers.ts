import { type Check, CheckFailure, NotExercised } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { describeAnswer } from '../report/describe-answer.ts';
import type { Recorded } from '../traffic.ts';
import { judgeDetails, judgeJson, judgeLengths, judgeSchema, judgeType } from './judge-answer.ts';
import { operationPlace, rfc } from './places.ts';

const group = 'Every answer';

/** A rule about every answer of the run, whichever check caused it. These checks send nothing and come last. */
function everyAnswer(
  check: Pick<Check, 'id' | 'sentence'> & Partial<Pick<Check, 'source'>>,
  select: (recorded: Recorded) => boolean,
  judge: (recorded: Recorded, context: CheckContext) => string | undefined,
): Check {
  return {
    source: operationPlace,
    ...check,
    group,
    async run(context) {
      const judged = context.traffic.recorded.filter(
        (recorded) => recorded.operation.id === context.operation.id && select(recorded),
      );
      if (judged.length === 0) throw new NotExercised('there was no such answer');
      // Of several requests that show the same, the smallest is kept.
      const found = new Map<string, Recorded>();
      for (const recorded of judged) {
        const message = judge(recorded, context);
        if (message === undefined) continue;
        const known = found.get(message);
        if (!known || size(recorded) < size(known)) found.set(message, recorded);
      }
      for (const [message, { exchange }] of [...found].slice(0, 5)) {
        context.failures.push(new CheckFailure(message, exchange));
      }
    },
  };
}

function size({ exchange: { request } }: Recorded): number {
  return (
    request.target.length + JSON.stringify(request.headers).length + (request.body?.length ?? 0)
  );
}

const answered = ({ exchange, scope }: Recorded) =>
  scope === 'contract' && exchange.answers.length > 0;

export const answerChecks: Check[] = [
  everyAnswer(
    {
      id: 'answer-status',
      sentence: 'Every answer to a call has a status that the contract documents.',
    },
    answered,
    ({ exchange, operation }) => {
      const status = exchange.answers[0]?.status ?? 0;
      if (operation.responses.has(status)) return undefined;
      return `the contract documents ${[...operation.responses.keys()].join(', ')} for ${operation.id}, not ${status}`;
    },
  ),
  everyAnswer(
    {
      id: 'answer-content-type',
      sentence: 'Every answer has the content type that the contract documents for its status.',
    },
    answered,
    ({ exchange, operation }) => judgeType(exchange, operation),
  ),
  everyAnswer(
    { id: 'answer-json', sentence: 'Every documented body is JSON in UTF-8.' },
    answered,
    ({ exchange, operation }) => judgeJson(exchange, operation),
  ),
  everyAnswer(
    {
      id: 'answer-schema',
      sentence: 'Every body keeps the schema of its status: fields, types, what is required.',
    },
    answered,
    ({ exchange, operation }) => judgeSchema(exchange, operation),
  ),
  everyAnswer(
    {
      id: 'answer-field-lengths',
      sentence: 'Every field is as long as its schema allows: no shorter, no longer.',
    },
    answered,
    ({ exchange, operation }) => judgeLengths(exchange, operation),
  ),
  everyAnswer(
    { id: 'answer-in-time', sentence: 'Every request is answered.', source: operationPlace },
    () => true,
    ({ exchange }) =>
      exchange.failure === 'timeout'
        ? `expected an answer, got none (${exchange.detail})`
        : undefined,
  ),
  everyAnswer(
    {
      id: 'answer-framing',
      sentence: 'Every answer is well-formed HTTP: its length is right and nothing follows it.',
      source: rfc(9112, '6'),
    },
    ({ exchange }) => exchange.answers.length > 0 || exchange.failure === 'malformed',
    ({ exchange }) => {
      if (exchange.failure === 'malformed') return `the answer is not HTTP: ${exchange.detail}`;
      const extra = exchange.request.bytes === undefined && exchange.rest.length > 0;
      return extra ? `${exchange.rest.length} bytes follow the answer` : undefined;
    },
  ),
  everyAnswer(
    {
      id: 'answer-no-details',
      sentence: 'No error tells about the inside: no stack, no SQL, no path, no host.',
    },
    ({ exchange }) => (exchange.answers[0]?.status ?? 0) >= 400,
    ({ exchange }, context) => judgeDetails(exchange, context.setup.secrets ?? []),
  ),
  everyAnswer(
    { id: 'answer-no-token', sentence: 'No answer repeats a token.' },
    ({ exchange }) => exchange.answers.length > 0,
    ({ exchange }, context) => {
      const tokens = [context.token, context.setup.secondTenant?.token].filter(
        (token) => token !== undefined && token.length >= 6,
      );
      const [answer] = exchange.answers;
      const text = `${answer?.headers.join('\n')}\n${answer?.body.toString('utf8')}`;
      if (!tokens.some((token) => text.includes(token ?? ''))) return undefined;
      return `the token stands in the answer (${describeAnswer(exchange)})`;
    },
  ),
];
