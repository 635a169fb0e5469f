import { Gathering } from '../http/exchange.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import type { CheckFailure } from '../run/failure.ts';
import {
  documents,
  operationPlace,
  pathParameters,
  removes,
  responsePlace,
  successesOf,
} from '../run/operations.ts';
import type { Subject } from '../setup/setup.ts';
import { isText } from '../values/ids.ts';
import { onto } from './ground.ts';

const group = 'Outcomes';
const EXISTS = 'the setup says that this subject exists';
/** Long enough to meet a server that does not do what it says every tenth time. */
const MANY = 12;

async function succeed(context: CheckContext, subject: Subject) {
  const exchange = await context.call(onto(subject));
  context.expectStatus(exchange, context.successes, EXISTS);
  return exchange;
}

export const outcomeChecks: Check[] = [
  {
    id: 'success',
    sentence: 'The operation succeeds on what exists, with a documented status.',
    group,
    level: 'contract',
    hint: 'Send the status that the contract lists for success, without a body where it describes none.',
    source: (operation) => responsePlace(successesOf(operation)[0] ?? 200)(operation),
    needs: ['live'],
    async run(context) {
      const exchange = await context.call(onto(await context.live()));
      const status = exchange.responses[0]?.status ?? 0;
      const known = context.successes.includes(status);
      // Said once: later checks take it for the success of this server.
      if (!known && status >= 200 && status < 300)
        context.traffic.learnSuccess(context.operation, status);
      if (!known)
        context.fail(
          `expected ${context.successes[0]}, got ${status || exchange.detail}: ${EXISTS}`,
          exchange,
        );
      context.expectShape(exchange);
    },
  },
  {
    id: 'removed-for-real',
    sentence: 'After each success the subject is gone: the response is the result.',
    group,
    level: 'contract',
    hint: 'Respond after the work is done, not when it is queued, and look at its result.',
    source: operationPlace,
    needs: ['live', 'isOpen'],
    appliesTo: removes,
    async run(context) {
      const times = Array.from({ length: MANY });
      await context.each(
        times,
        async () => {
          const subject = await context.live();
          const exchange = await succeed(context, subject);
          await context.expectGone(subject, exchange, 'the response said that it was removed');
        },
        { together: true },
      );
    },
  },
  {
    id: 'only-the-named',
    sentence: 'Nothing but the named subject is removed.',
    group,
    level: 'contract',
    hint: 'Put every id of the path into the condition of the statement that removes.',
    source: operationPlace,
    needs: ['live', 'isOpen'],
    appliesTo: removes,
    async run(context) {
      const before = await context.live();
      const subject = await context.live();
      const after = await context.live();
      const exchange = await succeed(context, subject);
      await context.expectOpen(before, exchange, 'another one was named, which was opened later');
      await context.expectOpen(after, exchange, 'another one was named, which was opened earlier');
    },
  },
  {
    id: 'every-id-counts',
    sentence: 'An id under the wrong parent names nothing: 404, and the subject is left alone.',
    group,
    level: 'contract',
    hint: 'Look the subject up by all ids of the path together.',
    source: responsePlace(404),
    needs: ['live', 'isOpen'],
    appliesTo: (operation) => documents(404)(operation) && pathParameters(operation).length > 1,
    async run(context) {
      const parameters = pathParameters(context.operation).filter((one) =>
        isText(context.schemas, one),
      );
      const last = parameters.at(-1)?.name;
      await context.each(parameters, async ({ name }) => {
        const subject = await context.live();
        const { [name]: _, ...params } = subject.params;
        const exchange = await context.call({ ...onto(subject), params });
        // Whether an unknown parent is unknown or another tenant's is not for the caller to know.
        const statuses = name !== last && documents(403)(context.operation) ? [404, 403] : [404];
        context.expectStatus(exchange, statuses, `${name} is one that does not exist`);
        await context.expectOpen(subject, exchange, `${name} was not its own`);
      });
    },
  },
  {
    id: 'retry-is-safe',
    sentence: 'A retry of the same call gets success or 404, never an error.',
    group,
    level: 'contract',
    hint: 'Removing what is gone already is not a failure: respond with success again, or with 404.',
    source: operationPlace,
    needs: ['live'],
    appliesTo: (operation) => removes(operation) && documents(404)(operation),
    async run(context) {
      const subject = await context.live();
      await succeed(context, subject);
      await context.each([1, 2], async () => {
        const again = await context.call(onto(subject));
        context.expectStatus(
          again,
          [...context.successes, 404],
          'it retries a call that succeeded',
        );
      });
    },
  },
  {
    id: 'retry-as-declared',
    sentence: 'A retry gets what the server’s team declares: success again, or 404.',
    group,
    level: 'hardening',
    hint: 'The contract leaves this open; it is the setup that declares `retries`.',
    source: operationPlace,
    needs: ['live', 'retries'],
    appliesTo: (operation) => removes(operation) && documents(404)(operation),
    async run(context) {
      const { retries } = context.setup;
      const subject = await context.live();
      await context.call(onto(subject));
      const expected = retries === 'success' ? context.successes : [404];
      const again = await context.call(onto(subject));
      context.expectStatus(again, expected, `the setup declares retries: '${retries}'`);
    },
  },
  {
    id: 'parallel',
    sentence: 'Of several equal calls at the same moment one succeeds, and none ends in an error.',
    group,
    level: 'contract',
    hint: 'Let the database decide who comes first: one statement that removes and tells how much it removed.',
    source: operationPlace,
    needs: ['live'],
    appliesTo: (operation) => removes(operation) && documents(404)(operation),
    async run(context) {
      const subject = await context.live();
      const together = new Gathering(8);
      const exchanges = await Promise.all(
        Array.from({ length: 8 }, () => context.call(onto(subject), { together })),
      );
      await context.each(exchanges, async (exchange) => {
        const allowed = [...context.successes, 404];
        context.expectStatus(exchange, allowed, 'eight equal calls were sent at once');
      });
      const successes = exchanges.filter(({ responses: [one] }) => (one?.status ?? 500) < 300);
      if (successes.length === 0) context.fail('none of eight equal calls succeeded', exchanges[0]);
      if (subject.isOpen && exchanges[0]) {
        await context.expectGone(
          subject,
          exchanges[0],
          'one of eight calls said that it was removed',
        );
      }
    },
  },
  {
    id: 'timeout-status',
    sentence: 'What cannot be finished in time gets 408, and a retry succeeds later.',
    group,
    level: 'contract',
    hint: 'Give the work a time limit of its own that is shorter than that of every gateway in front.',
    source: responsePlace(408),
    needs: ['stuck'],
    appliesTo: documents(408),
    async run(context) {
      const subject = await context.stuck();
      let recovered = false;
      try {
        const exchange = await context.call(onto(subject), { timeout: 60_000 });
        context.expectStatus(exchange, [408], 'the setup says that this subject is stuck');
        context.expectShape(exchange);
        recovered = true;
        await subject.recover();
        const again = await context.call(onto(subject), { timeout: 60_000 });
        const allowed = [...context.successes, 404];
        context.expectStatus(again, allowed, 'the subject is not stuck any more');
      } finally {
        if (!recovered) await subject.recover();
      }
    },
  },
  {
    id: 'inner-fault-status',
    sentence: 'A fault inside the server gets 500, without a word about the inside, and passes.',
    group,
    level: 'contract',
    hint: 'Install one handler for all errors that writes the contract’s 500 and logs the rest.',
    source: responsePlace(500),
    needs: ['innerFault'],
    appliesTo: documents(500),
    async run(context) {
      const subject = await context.innerFault();
      let recovered = false;
      try {
        const exchange = await context.call(onto(subject), { timeout: 60_000 });
        context.expectStatus(exchange, [500], 'the setup says that something inside is broken');
        context.expectShape(exchange);
        try {
          context.expectNoDetails(exchange);
        } catch (error) {
          context.failures.push(error as CheckFailure);
        }
        recovered = true;
        await subject.recover();
        const again = await context.call({}, { timeout: 60_000 });
        if ((again.responses[0]?.status ?? 500) >= 500) {
          context.fail(
            `expected no 5xx, got ${again.responses[0]?.status ?? again.detail}: the fault is over, and the server has not recovered`,
            again,
          );
        }
      } finally {
        if (!recovered) await subject.recover();
      }
    },
  },
];
