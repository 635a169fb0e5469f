import type { Check } from '../check.ts';
import type { OperationModel } from '../contract/contract-model.ts';
import { Gathering } from '../http/exchange.ts';
import { answerPlace, documents, isSafe, operationPlace } from './places.ts';

const group = 'Outcomes';

function removes({ method }: OperationModel): boolean {
  return method === 'DELETE';
}

export const outcomeChecks: Check[] = [
  {
    id: 'success',
    sentence: 'The operation succeeds on what exists, with a documented status.',
    group,
    source: (operation) => [...operation.responses.values()][0]?.pointer ?? operation.pointer,
    needs: ['live'],
    async run(context) {
      const { params } = await context.live();
      const exchange = await context.call({ params });
      context.expectStatus(exchange, context.successes, 'the setup says that this subject exists');
      context.expectShape(exchange);
    },
  },
  {
    id: 'removed-for-real',
    sentence: 'After a success the subject is gone: the answer is the result.',
    group,
    source: operationPlace,
    needs: ['live', 'isOpen'],
    appliesTo: removes,
    async run(context) {
      const subject = await context.live();
      const exchange = await context.call({ params: subject.params });
      context.expectStatus(exchange, context.successes, 'the setup says that this subject exists');
      await context.expectGone(subject, exchange, 'the answer said that it was removed');
    },
  },
  {
    id: 'only-the-named',
    sentence: 'Nothing but the named subject is removed.',
    group,
    source: operationPlace,
    needs: ['live', 'isOpen'],
    appliesTo: removes,
    async run(context) {
      const [subject, bystander] = [await context.live(), await context.live()];
      const exchange = await context.call({ params: subject.params });
      context.expectStatus(exchange, context.successes, 'the setup says that this subject exists');
      await context.expectOpen(bystander, exchange, 'another one was named');
    },
  },
  {
    id: 'every-id-counts',
    sentence: 'An id under the wrong parent names nothing: 404, and the subject is left alone.',
    group,
    source: answerPlace(404),
    needs: ['live', 'isOpen'],
    appliesTo: (operation) =>
      documents(404)(operation) &&
      operation.parameters.filter((one) => one.in === 'path').length > 1,
    async run(context) {
      const subject = await context.live();
      await context.each(context.pathParameters, async ({ name }) => {
        const { [name]: _, ...rest } = subject.params;
        const exchange = await context.call({ params: rest });
        context.expectStatus(exchange, [404], `${name} is one that does not exist`);
        await context.expectOpen(subject, exchange, `${name} was not its own`);
      });
    },
  },
  {
    id: 'repeat-is-safe',
    sentence: 'A repeat of the same call is answered with success or 404, never with an error.',
    group,
    source: operationPlace,
    needs: ['live'],
    appliesTo: (operation) => removes(operation) && documents(404)(operation),
    async run(context) {
      const { params } = await context.live();
      const first = await context.call({ params });
      context.expectStatus(first, context.successes, 'the setup says that this subject exists');
      const repeats = [await context.call({ params }), await context.call({ params })];
      await context.each(repeats, async (repeat) => {
        context.expectStatus(
          repeat,
          [...context.successes, 404],
          'it repeats a call that succeeded',
        );
      });
    },
  },
  {
    id: 'repeat-as-declared',
    sentence: 'A repeat is answered as the server’s team says: with success again, or with 404.',
    group,
    source: operationPlace,
    needs: ['live', 'repeats'],
    appliesTo: (operation) => removes(operation) && documents(404)(operation),
    async run(context) {
      const { params } = await context.live();
      await context.call({ params });
      const expected = context.setup.repeats === 'success' ? context.successes : [404];
      context.expectStatus(
        await context.call({ params }),
        expected,
        `the setup declares repeats: '${context.setup.repeats}'`,
      );
    },
  },
  {
    id: 'parallel',
    sentence: 'Of several equal calls at the same moment one succeeds, and none ends in an error.',
    group,
    source: operationPlace,
    needs: ['live'],
    appliesTo: (operation) => removes(operation) && documents(404)(operation),
    async run(context) {
      const subject = await context.live();
      const { params } = subject;
      const together = new Gathering(8);
      const exchanges = await Promise.all(
        Array.from({ length: 8 }, () => context.call({ params }, { together })),
      );
      await context.each(exchanges, async (exchange) => {
        context.expectStatus(
          exchange,
          [...context.successes, 404],
          'eight equal calls were sent at once',
        );
      });
      const succeeded = exchanges.filter(({ answers: [answer] }) => (answer?.status ?? 500) < 300);
      if (succeeded.length === 0) context.fail('none of eight equal calls succeeded', exchanges[0]);
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
    sentence:
      'What cannot be finished in time is answered with 408, and can be repeated with success.',
    group,
    source: answerPlace(408),
    needs: ['stuck'],
    appliesTo: documents(408),
    async run(context) {
      const subject = await context.stuck();
      let recovered = false;
      try {
        const exchange = await context.call({ params: subject.params }, { timeout: 60_000 });
        context.expectStatus(exchange, [408], 'the setup says that this subject is stuck');
        context.expectShape(exchange);
        if (!isSafe(context.operation) && subject.isOpen) {
          await context.expectOpen(subject, exchange, 'the answer said that the time was over');
        }
        recovered = true;
        await subject.recover();
        const again = await context.call({ params: subject.params }, { timeout: 60_000 });
        context.expectStatus(
          again,
          [...context.successes, 404],
          'the subject is not stuck any more',
        );
      } finally {
        if (!recovered) await subject.recover();
      }
    },
  },
  {
    id: 'inner-fault-status',
    sentence: 'A fault inside the server is answered with 500, without a word about the inside.',
    group,
    source: answerPlace(500),
    needs: ['innerFault'],
    appliesTo: documents(500),
    async run(context) {
      const subject = await context.innerFault();
      let recovered = false;
      try {
        const exchange = await context.call({ params: subject.params }, { timeout: 60_000 });
        context.expectStatus(exchange, [500], 'the setup says that something inside is broken');
        context.expectShape(exchange);
        context.expectNoDetails(exchange);
        recovered = true;
        await subject.recover();
        const again = await context.call({}, { timeout: 60_000 });
        const calm = [...context.operation.responses.keys()].filter((status) => status < 500);
        context.expectStatus(again, calm, 'the fault is over');
      } finally {
        if (!recovered) await subject.recover();
      }
    },
  },
];
