import { type Check, NotExercised } from '../check.ts';
import type { OperationModel } from '../contract/contract-model.ts';
import { header } from '../http/parse-answers.ts';
import { isSafe, pathPlace, rfc } from './places.ts';

const group = 'Methods';

/** Methods that the path does not have. OPTIONS is left to the browsers' preflight, HEAD belongs to GET. */
function otherMethods({ methodsOfPath }: OperationModel): string[] {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
    (method) =>
      !methodsOfPath.includes(method) && !(method === 'HEAD' && methodsOfPath.includes('GET')),
  );
}

export const methodChecks: Check[] = [
  {
    id: 'method-not-allowed',
    sentence: 'A method that the contract does not have on this path is answered with 405.',
    group,
    source: pathPlace,
    async run(context) {
      await context.each(otherMethods(context.operation), async (method) => {
        const exchange = await context.send(context.request({ method }));
        context.expectStatus(exchange, [405], `the contract has no ${method} on this path`);
      });
    },
  },
  {
    id: 'method-allow-header',
    sentence: 'A 405 names the methods of the path in `Allow`.',
    group,
    source: rfc(9110, '15.5.6'),
    async run(context) {
      let seen = 0;
      await context.each(otherMethods(context.operation), async (method) => {
        const exchange = await context.send(context.request({ method }));
        const [answer] = exchange.answers;
        if (answer?.status !== 405) return;
        seen++;
        const allowed = header(answer, 'allow')
          ?.split(',')
          .map((name) => name.trim());
        const missing = context.operation.methodsOfPath.filter((name) => !allowed?.includes(name));
        if (!allowed) return context.fail('the 405 has no Allow header', exchange);
        if (missing.length > 0) {
          context.fail(
            `the Allow header of the 405 is "${allowed.join(', ')}": ${missing.join(', ')} is missing`,
            exchange,
          );
        }
      });
      if (seen === 0) throw new NotExercised('no answer was a 405');
    },
  },
  {
    id: 'method-unknown',
    sentence: 'A method that HTTP does not know, or one in small letters, is refused.',
    group,
    source: rfc(9110, '9.1'),
    async run(context) {
      const { method } = context.operation;
      await context.each(['BREW', method.toLowerCase(), 'TRACE', `${method}X`], async (tried) => {
        const exchange = await context.send(context.request({ method: tried }));
        // 501 is what HTTP has for a method that a server does not know at all.
        if (exchange.answers[0]?.status === 501) return;
        context.expectRefusal(exchange, `the method was ${tried}`, { orClosed: true });
      });
    },
  },
  {
    id: 'method-override-ignored',
    sentence: 'No header or query turns another method into this one.',
    group,
    source: pathPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) => !isSafe(operation) && !operation.methodsOfPath.includes('POST'),
    async run(context) {
      const subject = await context.live();
      const { method } = context.operation;
      const plain = context.request({ params: subject.params, method: 'POST' });
      const shapes = [
        ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map((name) => ({
          ...plain,
          headers: [...plain.headers, [name, method] as const],
        })),
        { ...plain, target: `${plain.target}?_method=${method}` },
      ];
      await context.each(shapes, async (request) => {
        const exchange = await context.send(request);
        await context.expectOpen(subject, exchange, `a POST was taken for a ${method}`);
        context.expectRefusal(exchange, `a POST is not a ${method}`);
      });
    },
  },
];
