import type { Operation } from '@sql-sessions/contract/model';
import { differences } from '../http/comparable.ts';
import { describeResponse } from '../http/describe-response.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { NotExercised } from '../run/failure.ts';
import {
  asksForToken,
  documents,
  isSafe,
  operationPlace,
  pathParameters,
  refusalsOf,
  responsePlace,
  rfc,
  successesOf,
  unauthorizedOf,
} from '../run/operations.ts';
import type { CallOptions } from '../run/request-of.ts';
import type { Setup, Subject } from '../setup/setup.ts';
import {
  alternativesOf,
  credentialsOf,
  everyWay,
  type Identity,
  type Sent,
  suffices,
  waysOf,
} from '../values/credentials.ts';
import { onto } from './ground.ts';

const group = 'Tokens';

function hasToken(operation: Operation): boolean {
  return placesOf(operation).length > 0 && unauthorizedOf(operation).length > 0;
}

/** Where credentials of the operation travel, whoever calls. */
function placesOf(operation: Operation) {
  return credentialsOf(operation, { token: 'any' });
}

/** The header that carries a token. */
function headerOf(operation: Operation): string | undefined {
  return placesOf(operation).find((one) => one.in === 'header')?.name;
}

/** These checks say nothing about a server whose team has declared that it asks for no token. */
function insists(operation: Operation, setup: Setup): boolean {
  return hasToken(operation) && asksForToken(operation, setup) !== false;
}

const unauthorizedPlace = (operation: Operation) =>
  responsePlace(unauthorizedOf(operation)[0] ?? 401)(operation);

/** Calls that must all be refused, on a subject that must survive them where the setup can tell. */
async function refuseAll(
  context: CheckContext,
  calls: readonly (CallOptions & { what: string; http?: number[] })[],
): Promise<void> {
  const statuses = unauthorizedOf(context.operation);
  if (calls.length === 0)
    throw new NotExercised('what is sent besides is enough for another way to authenticate');
  await context.each(
    calls,
    async ({ what, http = [], ...call }) => {
      const subject = await context.liveIfAny();
      const exchange = await context.call({ ...onto(subject), ...call }, { http });
      await context.expectUntouched(subject, exchange, what);
      context.expectStatus(exchange, [...statuses, ...http], what);
    },
    { together: true },
  );
}

export const tokenChecks: Check[] = [
  {
    id: 'token-missing',
    sentence: 'A call without a token is refused with 401 or 403 and changes nothing.',
    group,
    level: 'contract',
    hint: 'Check the token before the handler runs, in a hook or middleware that every route passes.',
    source: unauthorizedPlace,
    appliesTo: insists,
    async run(context) {
      const { operation, setup } = context;
      if (asksForToken(operation, setup) === undefined)
        throw new NotExercised('the setup has no `requiresToken`');
      const without = waysIn(context).flatMap(({ rest, scheme, which }) => [
        ...(which ? [{ credentials: rest, what: `no token was sent${which}` }] : []),
        { credentials: { ...rest, [scheme]: '' }, what: `the token${which} was empty` },
      ]);
      await refuseAll(context, [
        ...(suffices(operation, []) ? [] : [{ token: null, what: 'no token was sent' }]),
        ...without,
      ]);
    },
  },
  {
    id: 'token-bad',
    sentence: 'A token that is wrong is refused with 401 or 403 and changes nothing.',
    group,
    level: 'contract',
    hint: 'Compare whole tokens, letter by letter and in constant time.',
    source: unauthorizedPlace,
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      await refuseAll(
        context,
        waysIn(context).flatMap((way) =>
          badTokens(context, way).map(([what, bad]) => ({
            credentials: { ...way.rest, [way.scheme]: bad },
            what: `${what} was sent${way.which}`,
            // What is too long for HTTP never gets as far as the token.
            http: bad.length > 1000 ? [400, 414, 431] : [],
          })),
        ),
      );
    },
  },
  {
    id: 'token-elsewhere',
    sentence: 'A token counts in its own header only, not in a cookie or another header.',
    group,
    level: 'hardening',
    hint: 'Read the header that the contract names and nothing else; a token that a browser adds by itself invites forgery.',
    source: unauthorizedPlace,
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      const own = context.credentials;
      const places = context.operation.security.flatMap(({ schemes }) =>
        schemes.map(({ scheme: { credential } }) =>
          credential?.in === 'cookie' ? 'cookie' : `${credential?.name}`.toLowerCase(),
        ),
      );
      const shapes = own.flatMap(({ name, value }): [string, string][] => [
        ['Authorization', `Bearer ${value}`],
        ['X-Auth-Token', value],
        ['X-Api-Key', value],
        ['Cookie', `${name}=${value}`],
      ]);
      const elsewhere = shapes.filter(([other]) => !places.includes(other.toLowerCase()));
      await context.each(elsewhere, async (header) => {
        const plain = context.request({ ...onto(await context.liveIfAny()), token: null });
        const exchange = await context.send({ ...plain, headers: [...plain.headers, header] });
        const statuses = [...unauthorizedOf(context.operation), 400];
        const where = own.map(({ name }) => name).join(' and ');
        context.expectStatus(exchange, statuses, `the token was in ${header[0]}, not in ${where}`);
      });
    },
  },
  {
    id: 'token-before-validation',
    sentence:
      'Who calls is settled first: without a token, a request that is wrong as well is refused for that.',
    group,
    level: 'hardening',
    hint: 'Authenticate before routing parameters and bodies are validated: what is wrong with a request is nobody’s business before.',
    source: unauthorizedPlace,
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      const name = pathParameters(context.operation).at(-1)?.name;
      const json = [['Content-Type', 'application/json']] as const;
      const calls: (CallOptions & { what: string })[] = [
        { what: 'the id names nothing, which is nobody else’s business' },
        { headers: json, body: '{"a":', what: 'the body was broken as well' },
        ...(name === undefined
          ? []
          : [
              { rawParams: { [name]: 'a_b' }, what: `${name} was not allowed as well` },
              { rawParams: { [name]: 'a'.repeat(100) }, what: `${name} was too long as well` },
            ]),
      ];
      await context.each(
        [null, context.unknownToken].flatMap((token) => calls.map((call) => ({ ...call, token }))),
        async ({ what, ...call }) => {
          const exchange = await context.call(call);
          context.expectStatus(exchange, unauthorizedOf(context.operation), what);
        },
        { together: true },
      );
    },
  },
  {
    id: 'token-header-case',
    sentence: 'The token’s header is found in any spelling.',
    group,
    level: 'http',
    hint: 'Names of headers have no letter case: ask the framework for the header instead of searching the raw list.',
    source: rfc(9110, '5.1'),
    needs: ['requiresToken', 'live'],
    appliesTo: (operation, setup) => insists(operation, setup) && headerOf(operation) !== undefined,
    async run(context) {
      const name = headerOf(context.operation) ?? '';
      await context.each([name.toLowerCase(), name.toUpperCase()], async (spelling) => {
        const request = context.request(onto(await context.live()));
        const headers = request.headers.map(([key, value]) =>
          key === name ? ([spelling, value] as const) : ([key, value] as const),
        );
        const exchange = await context.send({ ...request, headers });
        context.expectStatus(exchange, context.successes, `the header was ${spelling}`);
      });
    },
  },
  {
    id: 'token-alternatives',
    sentence: 'Each of the ways to authenticate that the contract gives is accepted.',
    group,
    level: 'contract',
    hint: 'Go on to the next way where the first one is not there, and refuse at the end.',
    source: operationPlace,
    appliesTo: (operation) => alternativesOf(operation).length > 1,
    async run(context) {
      const ways = waysOf(context.operation, context.traffic.options.caller);
      if (ways.length < 2)
        throw new NotExercised('the run has credentials for one way to authenticate at most');
      const subject = await context.liveIfAny();
      await context.each(ways, async (way) => {
        const one = isSafe(context.operation) ? subject : await context.liveIfAny();
        const exchange = await context.call({ ...onto(one), credentials: valuesOf(way) });
        const names = way.map(({ scheme }) => scheme).join(' and ');
        const statuses = one
          ? context.successes
          : context.understood.filter((status) => status !== 401);
        context.expectStatus(
          exchange,
          statuses,
          `the contract lets a caller authenticate with ${names}`,
        );
      });
    },
  },
  {
    id: 'token-optional',
    sentence: 'A server that asks for no token serves a call without one.',
    group,
    level: 'contract',
    hint: 'The setup declares requiresToken: false. Take it back, or serve calls without a token.',
    source: (operation) => responsePlace(successesOf(operation)[0] ?? 200)(operation),
    needs: ['requiresToken', 'live'],
    appliesTo: (operation, setup) => hasToken(operation) && !asksForToken(operation, setup),
    async run(context) {
      const exchange = await context.call({ ...onto(await context.live()), token: null });
      const reason = 'the setup says that this server asks for no token';
      context.expectStatus(exchange, context.successes, reason);
    },
  },
  {
    id: 'token-oracle',
    sentence: 'Without a token, what exists looks like what does not.',
    group,
    level: 'hardening',
    hint: 'Refuse before anything is looked up, with the same text for every path.',
    source: unauthorizedPlace,
    needs: ['requiresToken', 'live'],
    appliesTo: insists,
    async run(context) {
      const subject = await context.live();
      const call = (options: CallOptions) =>
        context.call({ ...options, token: context.unknownToken });
      const [one, other] = [await call({}), await call({})];
      await expectAlike(context, await call(onto(subject)), one, differences(one, other));
    },
  },
  {
    id: 'tenant-isolation',
    sentence:
      'What belongs to another tenant is out of reach, survives, and looks like an unknown id.',
    group,
    level: 'contract',
    hint: 'Put the caller’s tenant into the condition that looks the subject up, and treat "not yours" as "not found".',
    source: responsePlace(404),
    needs: ['secondTenant', 'live'],
    appliesTo: (operation) => hasToken(operation) && documents(404)(operation),
    async run(context) {
      const { token: theirs, credentials } = context.setup.secondTenant ?? {};
      const second: Identity = { token: theirs, credentials };
      const [foreign, own] = [await context.foreign(), await context.live()];
      const names = Object.keys(foreign.params);
      const caller = context.traffic.options.caller;
      const attempts: Attempt[] = [
        { what: 'the subject is another tenant’s', subject: foreign, caller, foreign: names },
        { what: 'the token is another tenant’s', subject: own, caller: second, foreign: names },
        ...mix(own, foreign).map((one) => ({ what: 'the ids are of two tenants', caller, ...one })),
      ];
      await context.each(attempts, (attempt) => reach(context, attempt, [own, foreign]));
      if (context.failures.length > 0 || isSafe(context.operation)) return;
      const closing = await context.call({ ...onto(foreign), ...second });
      context.expectStatus(closing, context.successes, 'its own tenant must still reach it');
    },
  },
  {
    id: 'forbidden-shape',
    sentence:
      'A call that is refused for its token’s rights gets 403, in the documented shape, and changes nothing.',
    group,
    level: 'contract',
    hint: 'The body of a 403 can have a schema of its own: see the contract.',
    source: responsePlace(403),
    needs: ['forbidden'],
    appliesTo: documents(403),
    async run(context) {
      const call = await context.forbidden();
      const { token, credentials } = call;
      const exchange = await context.call({ ...onto(call), token, credentials });
      await context.expectUntouched(call, exchange, 'the call was forbidden');
      context.expectStatus(exchange, [403], 'the setup says that this call is forbidden');
      context.expectShape(exchange);
    },
  },
];

/** A credential without which a way to authenticate is none, and what else is sent on that way. */
interface WayIn extends Sent {
  readonly rest: Readonly<Record<string, string>>;
  /** Which of several it is, in words. */
  readonly which: string;
}

/** Each credential of each way to authenticate, of those too that the caller has nothing for. */
function waysIn({ operation, traffic: { options } }: CheckContext): WayIn[] {
  const ways = everyWay(operation, options.caller);
  const isOnly = ways.flat().length === 1;
  return ways.flatMap((way) =>
    way.flatMap((one) => {
      const rest = way.filter(({ scheme }) => scheme !== one.scheme);
      // A bearer token that is left may be another scheme's.
      if (suffices(operation, rest)) return [];
      return [{ ...one, rest: valuesOf(rest), which: isOnly ? '' : ` for ${one.scheme}` }];
    }),
  );
}

/** Credentials by scheme. */
function valuesOf(sent: readonly Sent[]): Record<string, string> {
  return Object.fromEntries(sent.map(({ scheme, value }) => [scheme, value]));
}

/** What is nearly a token; of a name and a password the name is kept. */
function badTokens({ setup, unknownToken }: CheckContext, { basic, value }: Sent) {
  const name = basic ? value.slice(0, value.indexOf(':') + 1) : '';
  const token = value.slice(name.length);
  const tokens: [string, string][] = [
    ['a random token', setup.badToken ?? unknownToken],
    ['the token with a letter more', `${name}${token}x`],
    ['the token without its last letter', name + (token.slice(0, -1) || 'x')],
    ['the token in capitals', name + token.toUpperCase()],
    ['the token in small letters', name + token.toLowerCase()],
    ['a very long token', name + 'x'.repeat(4000)],
    ['a token of punctuation', `${name}' OR '1'='1' --`],
    ['"null"', `${name}null`],
  ];
  return tokens.filter(([, one]) => one !== value);
}

interface Attempt {
  what: string;
  subject: Subject;
  caller: Identity;
  /** Names of the parameters whose values are another tenant's. */
  foreign: string[];
}

async function reach(
  context: CheckContext,
  { what, subject, caller, foreign }: Attempt,
  survivors: readonly Subject[],
): Promise<void> {
  const exchange = await context.call({ ...onto(subject), ...caller });
  for (const one of survivors) await context.expectUntouched(one, exchange, what);
  const statuses = [404, ...unauthorizedOf(context.operation), ...refusalsOf(context.operation)];
  context.expectStatus(exchange, statuses, what);
  // Unknown in the same place: nothing there tells the two apart.
  const params = Object.fromEntries(
    Object.entries(subject.params).filter(([name]) => !foreign.includes(name)),
  );
  const unknown = () => context.call({ ...onto(subject), params, ...caller });
  const [one, other] = [await unknown(), await unknown()];
  await expectAlike(context, exchange, one, differences(one, other));
}

/** Fails where two responses differ in more than what always differs. */
async function expectAlike(
  context: CheckContext,
  exchange: Exchange,
  unknown: Exchange,
  volatile: readonly string[],
): Promise<void> {
  const told = differences(exchange, unknown).filter(
    (name) =>
      !volatile.includes(name) &&
      !/^header (date|age|x-request-id|x-correlation-id|etag)$/.test(name),
  );
  if (told.length === 0) return;
  context.fail(
    `the response differs from that for an unknown id in ${told.join(', ')} (${describeResponse(unknown)}), so it tells that the subject exists: ${describeResponse(exchange)}`,
    exchange,
    'hardening',
  );
}

/** One id of the other tenant at a time, the rest the caller's own. */
function mix(own: Subject, foreign: Subject): { subject: Subject; foreign: string[] }[] {
  const names = Object.keys(own.params);
  if (names.length < 2) return [];
  return names
    .map((name) => ({
      subject: { ...own, params: { ...own.params, [name]: foreign.params[name] } },
      foreign: [name],
    }))
    .filter(({ subject: { params } }) =>
      names.some((name) => params[name] !== foreign.params[name]),
    );
}
