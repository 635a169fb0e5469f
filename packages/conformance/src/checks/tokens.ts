import type { Check } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import type { OperationModel } from '../contract/contract-model.ts';
import { toComparable } from '../http/comparable.ts';
import { describeAnswer } from '../report/describe-answer.ts';
import type { CallOptions } from '../request-of.ts';
import type { Setup } from '../setup.ts';
import { answerPlace, isSafe } from './places.ts';

const group = 'Tokens';

function hasToken({ tokenHeader, responses }: OperationModel): boolean {
  return tokenHeader !== undefined && responses.has(401);
}

/** 401 checks say nothing about a server whose team has declared that it asks for no token. */
function insists(operation: OperationModel, { requiresToken }: Setup): boolean {
  return hasToken(operation) && requiresToken !== false;
}

/** Calls that must all be answered with 401, on a subject that must survive them where the setup can tell. */
async function refuseAll(
  context: CheckContext,
  calls: readonly (CallOptions & { what: string })[],
): Promise<void> {
  const subject = context.setup.live ? await context.live() : undefined;
  await context.each(calls, async ({ what, ...call }) => {
    const exchange = await context.call({ ...(subject && { params: subject.params }), ...call });
    context.expectStatus(exchange, [401], what);
    if (subject?.isOpen) await context.expectOpen(subject, exchange, what);
  });
}

export const tokenChecks: Check[] = [
  {
    id: 'token-missing',
    sentence: 'A call without a token is answered with 401 and changes nothing.',
    group,
    source: answerPlace(401),
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      const header = context.operation.tokenHeader ?? '';
      await refuseAll(context, [
        { token: null, what: 'no token was sent' },
        { token: null, headers: [[header, '']], what: 'the token was empty' },
      ]);
    },
  },
  {
    id: 'token-bad',
    sentence: 'A token that is wrong is answered with 401 and changes nothing.',
    group,
    source: answerPlace(401),
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      const { token = '', unknownToken } = context;
      const tokens: [string, string][] = [
        ['a random token', context.setup.badToken ?? unknownToken],
        ['the token with a letter more', `${token}x`],
        ['the token without its last letter', token.slice(0, -1) || 'x'],
        ['a very long token', 'x'.repeat(4000)],
        ['a token of punctuation', "' OR '1'='1' --"],
        ['"null"', 'null'],
      ];
      await refuseAll(
        context,
        tokens.map(([what, bad]) => ({ token: bad, what: `${what} was sent` })),
      );
    },
  },
  {
    id: 'token-elsewhere',
    sentence: 'A token counts in its header only, not in the query, a cookie or `Authorization`.',
    group,
    source: answerPlace(401),
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      const { token = '' } = context;
      const name = context.operation.tokenHeader ?? '';
      const subject = context.setup.live ? await context.live() : undefined;
      const plain = context.request({ token: null, ...(subject && { params: subject.params }) });
      const and = plain.target.includes('?') ? '&' : '?';
      const shapes = [
        { ...plain, target: `${plain.target}${and}${name}=${encodeURIComponent(token)}` },
        { ...plain, target: `${plain.target}${and}token=${encodeURIComponent(token)}` },
        { ...plain, headers: [...plain.headers, ['Authorization', `Bearer ${token}`] as const] },
        { ...plain, headers: [...plain.headers, ['Cookie', `${name}=${token}`] as const] },
      ];
      await context.each(shapes, async (request) => {
        const exchange = await context.send(request);
        context.expectStatus(exchange, [401], `the token was not in ${name}`);
      });
    },
  },
  {
    id: 'token-before-validation',
    sentence:
      'Who calls is settled first: without a token, a request that is wrong as well is answered with 401.',
    group,
    source: answerPlace(401),
    needs: ['requiresToken'],
    appliesTo: insists,
    async run(context) {
      const name = context.pathParameters.at(-1)?.name;
      const json = [['Content-Type', 'application/json']] as const;
      const calls: (CallOptions & { what: string })[] = [
        { what: 'the id names nothing, which is nobody else’s business' },
        { headers: json, body: '{"a":', what: 'the body was broken as well' },
        ...(name === undefined
          ? []
          : [
              { rawParams: { [name]: 'a_b' }, what: `${name} was not allowed as well` },
              { rawParams: { [name]: '%ZZ' }, what: `${name} was a malformed escape as well` },
              { rawParams: { [name]: 'a'.repeat(100) }, what: `${name} was too long as well` },
            ]),
      ];
      await context.each(
        [null, context.unknownToken].flatMap((token) => calls.map((call) => ({ ...call, token }))),
        async ({ what, ...call }) => {
          context.expectStatus(await context.call(call), [401], what);
        },
      );
    },
  },
  {
    id: 'token-header-case',
    sentence: 'The token’s header is found in any spelling.',
    group,
    source: () => 'https://www.rfc-editor.org/rfc/rfc9110#section-5.1',
    needs: ['requiresToken', 'live'],
    appliesTo: insists,
    async run(context) {
      const { token = '' } = context;
      const name = context.operation.tokenHeader ?? '';
      await context.each([name.toLowerCase(), name.toUpperCase()], async (spelling) => {
        const { params } = await context.live();
        const exchange = await context.call({ params, token: null, headers: [[spelling, token]] });
        context.expectStatus(exchange, context.successes, `the header was ${spelling}`);
      });
    },
  },
  {
    id: 'token-optional',
    sentence: 'A server that asks for no token serves a call without one.',
    group,
    source: (operation) => answerPlace(200)(operation),
    needs: ['requiresToken', 'live'],
    appliesTo: (operation, { requiresToken }) => hasToken(operation) && requiresToken !== true,
    async run(context) {
      const { params } = await context.live();
      context.expectStatus(
        await context.call({ params, token: null }),
        context.successes,
        'the setup says that this server asks for no token',
      );
    },
  },
  {
    id: 'tenant-isolation',
    sentence: 'What belongs to another tenant looks like an unknown id, to the byte, and survives.',
    group,
    source: answerPlace(404),
    needs: ['secondTenant', 'live'],
    appliesTo: (operation) => hasToken(operation) && operation.responses.has(404),
    async run(context) {
      const second = context.setup.secondTenant?.token ?? '';
      const foreign = await context.foreign();
      const own = await context.live();
      const mixed = mix(own.params, foreign.params);
      const attempts = [
        {
          what: 'the subject is another tenant’s',
          params: foreign.params,
          token: context.token ?? null,
          other: foreign,
        },
        { what: 'the token is another tenant’s', params: own.params, token: second, other: own },
        ...mixed.map((params) => ({
          what: 'the ids are of two tenants',
          params,
          token: context.token ?? null,
          other: foreign,
        })),
      ];
      await context.each(attempts, async ({ what, params, token, other }) => {
        const exchange = await context.call({ params, token });
        context.expectStatus(exchange, [404], what);
        if (other.isOpen) await context.expectOpen(other, exchange, what);
        // Unknown in the caller's own space: nothing there tells the two apart.
        const unknown = await context.call({ token });
        const [left, right] = [exchange, unknown].map((one) => toComparable(one));
        if (left !== right) {
          context.fail(
            `the answer is not that of an unknown id (${describeAnswer(unknown)}), so it tells that the subject exists: ${describeAnswer(exchange)}`,
            exchange,
          );
        }
      });
      if (context.failures.length > 0 || isSafe(context.operation)) return;
      const closing = await context.call({ params: foreign.params, token: second });
      context.expectStatus(closing, context.successes, 'its own tenant must still reach it');
    },
  },
  {
    id: 'forbidden-shape',
    sentence:
      'A call that is refused for its token’s rights is answered with 403, in the shape that only 403 has.',
    group,
    source: answerPlace(403),
    needs: ['forbidden'],
    appliesTo: (operation) => operation.responses.has(403),
    async run(context) {
      const call = await context.forbidden();
      const exchange = await context.call(call);
      context.expectStatus(exchange, [403], 'the setup says that this call is forbidden');
      context.expectShape(exchange);
    },
  },
];

/** One id of the other tenant at a time, the rest the caller's own. */
function mix(
  own: Readonly<Record<string, string>>,
  foreign: Readonly<Record<string, string>>,
): Record<string, string>[] {
  const names = Object.keys(own);
  if (names.length < 2) return [];
  return names
    .map((name) => ({ ...own, [name]: foreign[name] ?? '' }))
    .filter((params) => names.some((name) => params[name] !== foreign[name]));
}
