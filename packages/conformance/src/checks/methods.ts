import type { Contract, Operation } from '@sql-sessions/contract/model';
import { describeResponse } from '../http/describe-response.ts';
import type { Exchange } from '../http/exchange.ts';
import { header } from '../http/parse-responses.ts';
import type { Check } from '../run/check.ts';
import type { CheckContext } from '../run/check-context.ts';
import { NotExercised } from '../run/failure.ts';
import { isSafe, methodsOfPath, pathPlace, rfc } from '../run/operations.ts';
import { onto } from './ground.ts';

const group = 'Methods';

/** Methods that the path does not have. OPTIONS may be there without the contract, HEAD belongs to GET. */
function otherMethods(contract: Contract, operation: Operation): string[] {
  const own = methodsOfPath(contract, operation);
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
    (method) => !own.includes(method) && !(method === 'HEAD' && own.includes('GET')),
  );
}

/** A server may have more than the contract, so only a failure of its own is worth a word. */
function expectNoFault(context: CheckContext, exchange: Exchange, reason: string): void {
  const status = exchange.responses[0]?.status ?? 0;
  const closed = exchange.failure === 'closed' || exchange.failure === 'reset';
  if (closed || (status > 0 && status < 500) || [501, 505].includes(status)) return;
  context.fail(
    `expected no 5xx, got ${describeResponse(exchange)}: ${reason}`,
    exchange,
    'hardening',
  );
}

export const methodChecks: Check[] = [
  {
    id: 'method-not-allowed',
    sentence: 'A method that the contract does not have on this path does nothing to the subject.',
    group,
    level: 'contract',
    hint: 'Register the handler for its own method only, not for all of them.',
    source: pathPlace,
    async run(context) {
      const own = methodsOfPath(context.contract, context.operation);
      await context.each(
        [...otherMethods(context.contract, context.operation), 'OPTIONS'].filter(
          (method) => !own.includes(method),
        ),
        async (method) => {
          // A DELETE goes to ids that nobody has: a server may have it without the contract.
          const subject = method === 'DELETE' ? undefined : await context.liveIfAny();
          const exchange = await context.send(context.request({ ...onto(subject), method }));
          const reason = `the contract has no ${method} on this path`;
          await context.expectUntouched(subject, exchange, reason);
          expectNoFault(context, exchange, reason);
        },
        { together: true },
      );
    },
  },
  {
    id: 'method-allow-header',
    sentence: 'A 405 names the methods of the path in `Allow`.',
    group,
    level: 'http',
    hint: 'Most routers send a bare 404 or 405: add a handler for all other methods that sets Allow.',
    source: rfc(9110, '15.5.6'),
    async run(context) {
      const own = methodsOfPath(context.contract, context.operation);
      let seen = 0;
      await context.each(
        otherMethods(context.contract, context.operation),
        async (method) => {
          const exchange = await context.send(context.request({ method }));
          const [response] = exchange.responses;
          if (response?.status !== 405) return;
          seen++;
          const value = header(response, 'allow');
          const allowed = value?.split(',').map((name) => name.trim());
          const missing = own.filter((name) => !allowed?.includes(name));
          if (!allowed) return context.fail('the 405 has no Allow header', exchange);
          if (missing.length > 0) {
            context.fail(
              `the Allow header of the 405 is "${value}": ${missing} is missing`,
              exchange,
            );
          }
        },
        { together: true },
      );
      if (seen === 0) throw new NotExercised('no response was a 405');
    },
  },
  {
    id: 'method-unknown',
    sentence: 'A method that HTTP does not know, or one in small letters, does nothing.',
    group,
    level: 'hardening',
    hint: 'Methods have letter case: compare them as they come.',
    source: rfc(9110, '9.1'),
    async run(context) {
      const { method } = context.operation;
      const own = methodsOfPath(context.contract, context.operation);
      const others = ['BREW', method.toLowerCase(), 'TRACE', `${method}X`];
      await context.each(
        others.filter((one) => !own.includes(one)),
        async (tried) => {
          const subject = await context.liveIfAny();
          const exchange = await context.send(context.request({ ...onto(subject), method: tried }));
          await context.expectUntouched(subject, exchange, `the method was ${tried}`);
          context.expectRefusal(exchange, `the method was ${tried}`, {
            orClosed: true,
            also: [501],
          });
        },
      );
    },
  },
  {
    id: 'method-override-ignored',
    sentence: 'No header, query or form turns another method into this one.',
    group,
    level: 'contract',
    hint: 'Remove method-override middleware: it lets a form on any page call what only a program should.',
    source: pathPlace,
    needs: ['live', 'isOpen'],
    appliesTo: (operation) => !isSafe(operation) && operation.method !== 'POST',
    async run(context) {
      const { method, requestBody } = context.operation;
      const own = methodsOfPath(context.contract, context.operation);
      const form = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
      const names = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Method'];
      const shapes = ['POST', 'GET', 'PUT']
        .filter((other) => !own.includes(other))
        .flatMap((other) => [
          ...names.map((name) => ({ other, headers: [[name, method] as const] })),
          ...['_method', '_METHOD', 'method'].map((name) => ({
            other,
            query: `${name}=${method}`,
          })),
          ...(other === 'GET' || requestBody?.required
            ? []
            : [{ other, headers: form, body: `_method=${method}` }]),
        ]);
      await context.each(
        shapes,
        async ({ other, query, ...more }: Override) => {
          const subject = await context.live();
          const request = context.request({ ...onto(subject), body: null, ...more, method: other });
          const and = request.target.includes('?') ? '&' : '?';
          const target = query === undefined ? request.target : `${request.target}${and}${query}`;
          const exchange = await context.send({ ...request, target });
          await context.expectOpen(subject, exchange, `a ${other} was taken for a ${method}`);
          await context.expectAllOpen(exchange, `a ${other} was taken for a ${method}`);
        },
        { together: true },
      );
    },
  },
];

interface Override {
  other: string;
  headers?: readonly (readonly [string, string])[];
  query?: string;
  body?: string;
}
