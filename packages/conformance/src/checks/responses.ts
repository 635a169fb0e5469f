import { responseFor } from '@sql-sessions/contract/model';
import { describeResponse } from '../http/describe-response.ts';
import { header } from '../http/parse-responses.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { CheckFailure, type Level, NotExercised } from '../run/failure.ts';
import {
  judgeDetails,
  judgeHeaders,
  judgeJson,
  judgeSchema,
  judgeType,
} from '../run/judge-response.ts';
import { documents, operationPlace, rfc } from '../run/operations.ts';
import type { Recorded } from '../run/traffic.ts';

const group = 'Every response';

type Rule = Pick<Check, 'id' | 'sentence' | 'hint' | 'level'> &
  Partial<Pick<Check, 'source' | 'appliesTo'>>;
type Found = string | { message: string; level: Level } | undefined;

/** A rule about every response of the run, whichever check caused it. These checks send nothing and come last. */
function everyResponse(
  rule: Rule,
  select: (recorded: Recorded) => boolean,
  judge: (recorded: Recorded, context: CheckContext) => Found,
): Check {
  return {
    source: operationPlace,
    ...rule,
    group,
    passive: true,
    async run(context) {
      const { blamed } = context.traffic;
      const judged = context.traffic.recordedOf(context.operation).filter(select);
      if (judged.length === 0) throw new NotExercised('there was no such response');
      // Of several requests that show the same, the smallest is kept.
      const found = new Map<string, { one: Recorded; level: Level }>();
      for (const one of judged.filter(({ exchange }) => !blamed.has(exchange))) {
        const problem = judge(one, context);
        if (problem === undefined) continue;
        const { message, level } =
          typeof problem === 'string' ? { message: problem, level: rule.level } : problem;
        const known = found.get(message);
        if (!known || size(one) < size(known.one)) found.set(message, { one, level });
      }
      for (const [message, { one, level }] of [...found].slice(0, 5)) {
        context.failures.push(new CheckFailure(message, one.exchange, level));
      }
    },
  };
}

function size({ exchange: { request } }: Recorded): number {
  return (
    request.target.length + JSON.stringify(request.headers).length + (request.body?.length ?? 0)
  );
}

const called = ({ exchange, scope }: Recorded) =>
  scope === 'contract' && exchange.responses.length > 0;
const any = ({ exchange }: Recorded) => exchange.responses.length > 0;

export const responseChecks: Check[] = [
  everyResponse(
    {
      id: 'response-status',
      sentence: 'Every response to a call has a status that the contract documents.',
      level: 'contract',
      hint: 'Map every status that a framework has of its own (422, 415, 503) to one that the contract lists.',
    },
    called,
    ({ exchange, operation }, { traffic }) => {
      const status = exchange.responses[0]?.status ?? 0;
      if (responseFor(operation, status)) return undefined;
      // Reported by `success` already.
      if (traffic.insteadOfSuccess(operation).includes(status)) return undefined;
      const message = `the contract documents ${operation.responses.map((one) => one.status).join(', ')} for ${operation.id}, not ${status}`;
      // What a gateway in front responds with is not the server's.
      return [502, 503, 504].includes(status) ? { message, level: 'hardening' } : message;
    },
  ),
  everyResponse(
    {
      id: 'response-content-type',
      sentence: 'Every response has the content type that the contract documents for its status.',
      level: 'contract',
      hint: 'Set Content-Type in the one place where errors are written.',
    },
    called,
    ({ exchange, operation }, { schemas }) => judgeType(exchange, operation, schemas),
  ),
  everyResponse(
    {
      id: 'response-json',
      sentence: 'Every documented JSON body is JSON in UTF-8.',
      level: 'contract',
      hint: 'Write bodies with a JSON library, and none by hand.',
    },
    called,
    ({ exchange, operation }, { schemas }) => judgeJson(exchange, operation, schemas),
  ),
  everyResponse(
    {
      id: 'response-schema',
      sentence:
        'Every body keeps the schema of its status: fields, types, lengths, formats, what is required.',
      level: 'contract',
      hint: 'Write the fields that the contract names: those of a framework’s errors or of a database’s rows have other names.',
    },
    called,
    ({ exchange, operation }, { schemas }) => judgeSchema(exchange, operation, schemas),
  ),
  everyResponse(
    {
      id: 'response-headers',
      sentence:
        'Every response has the headers that the contract documents, with values that it allows.',
      level: 'contract',
      hint: 'Set documented headers (Location and the like) where the response is made.',
    },
    called,
    ({ exchange, operation }, { schemas }) => judgeHeaders(exchange, operation, schemas),
  ),
  everyResponse(
    {
      id: 'response-in-time',
      sentence: 'Every request gets a response, and in time.',
      level: 'contract',
      hint: 'Give every request a time limit, and respond when it is over.',
    },
    () => true,
    ({ exchange, scope }, { traffic }) => {
      const limit = traffic.options.responseTime;
      const level = scope === 'contract' ? 'contract' : 'hardening';
      if (exchange.failure === 'timeout') {
        return { message: `expected a response, got none (${exchange.detail})`, level };
      }
      if (limit === undefined || exchange.durationMs <= limit) return undefined;
      return {
        message: `expected a response in ${limit} ms, and it took longer`,
        level: 'hardening',
      };
    },
  ),
  everyResponse(
    {
      id: 'response-framing',
      sentence: 'Every response is well-formed HTTP: its length is right and nothing follows it.',
      level: 'http',
      hint: 'Let the framework count the bytes: the length of a text is not that of its bytes.',
      source: rfc(9112, '6'),
    },
    ({ exchange }) => any({ exchange } as Recorded) || exchange.failure === 'malformed',
    ({ exchange }) => {
      if (exchange.failure === 'malformed') return `the response is not HTTP: ${exchange.detail}`;
      const extra = exchange.request.bytes === undefined && exchange.rest.length > 0;
      return extra ? `${exchange.rest.length} bytes follow the response` : undefined;
    },
  ),
  everyResponse(
    {
      id: 'response-date',
      sentence: 'Every response tells when it was made.',
      level: 'http',
      hint: 'Most HTTP servers do; do not switch it off (Node: sendDate).',
      source: rfc(9110, '6.6.1'),
    },
    ({ exchange }) => (exchange.responses[0]?.status ?? 500) < 500,
    ({ exchange: { responses, request } }) => {
      const [response] = responses;
      // What refuses a request that is not HTTP is often no more than a few bytes.
      if (!response || request.bytes || [400, 414, 431].includes(response.status)) return undefined;
      const date = header(response, 'date');
      if (date === undefined) return `the ${response.status} has no Date`;
      return Number.isNaN(Date.parse(date)) ? `the Date is ${JSON.stringify(date)}` : undefined;
    },
  ),
  everyResponse(
    {
      id: 'response-authenticate',
      sentence: 'Every 401 says in `WWW-Authenticate` how to authenticate.',
      level: 'http',
      hint: 'Add a header such as WWW-Authenticate: Token realm="sessions".',
      source: rfc(9110, '15.5.2'),
      appliesTo: documents(401),
    },
    ({ exchange }) => exchange.responses[0]?.status === 401,
    ({ exchange: { responses } }) =>
      responses[0] && header(responses[0], 'www-authenticate') === undefined
        ? 'the 401 has no WWW-Authenticate'
        : undefined,
  ),
  everyResponse(
    {
      id: 'response-no-content',
      sentence: 'A 204 announces no length.',
      level: 'http',
      hint: 'Send neither Content-Length nor Transfer-Encoding with 204.',
      source: rfc(9110, '8.6'),
      appliesTo: documents(204),
    },
    ({ exchange }) => exchange.responses[0]?.status === 204,
    ({ exchange: { responses } }) => {
      const found = responses[0]?.headers.find(([name]) =>
        /^(content-length|transfer-encoding)$/i.test(name),
      );
      return found ? `the 204 has ${found.join(': ')}` : undefined;
    },
  ),
  everyResponse(
    {
      id: 'response-no-details',
      sentence: 'No error tells about the inside: no stack, no SQL, no path, no host.',
      level: 'hardening',
      hint: 'Log what went wrong, and respond with a text of your own.',
    },
    ({ exchange }) => (exchange.responses[0]?.status ?? 0) >= 400,
    ({ exchange }, context) => judgeDetails(exchange, context.setup.secrets ?? []),
  ),
  everyResponse(
    {
      id: 'response-no-token',
      sentence: 'No response quotes a token.',
      level: 'hardening',
      hint: 'Never put the token into a message, not even the wrong one.',
    },
    any,
    ({ exchange }, context) => {
      const callers = [context.traffic.options.caller, context.setup.secondTenant ?? {}];
      const tokens = callers
        .flatMap(({ token, credentials }) => [token ?? '', ...Object.values(credentials ?? {})])
        .filter((token) => token.length >= 6);
      const [response] = exchange.responses;
      const text = `${response?.headers.join('\n')}\n${response?.body.toString('utf8')}`;
      if (!tokens.some((token) => text.includes(token))) return undefined;
      return `the token stands in the response (${describeResponse(exchange)})`;
    },
  ),
];
