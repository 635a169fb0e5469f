import type { Check } from '../check.ts';
import type { OperationModel, ParameterModel } from '../contract/contract-model.ts';
import { documents } from './places.ts';

/** Query and header values outside their limits. The contract has none yet; an operation that brings some is checked. */
export const queryChecks: Check[] = [
  {
    id: 'value-limits',
    sentence: 'A query or header value that breaks its limits is answered with 400.',
    group: 'Ids',
    source: (operation) => limited(operation)[0]?.pointer ?? operation.pointer,
    appliesTo: (operation) => documents(400)(operation) && limited(operation).length > 0,
    async run(context) {
      const tried = limited(context.operation).flatMap((parameter) =>
        outside(parameter).map((value) => ({ parameter, value })),
      );
      await context.each(tried, async ({ parameter, value }) => {
        const exchange = await context.call({ params: { [parameter.name]: value } });
        context.expectStatus(
          exchange,
          [400],
          `${parameter.name} is ${JSON.stringify(value.slice(0, 40))}, and the contract allows ${parameter.rule}`,
        );
      });
    },
  },
];

function limited(operation: OperationModel): ParameterModel[] {
  return operation.parameters.filter(
    (parameter) =>
      (parameter.in === 'query' || parameter.in === 'header') && outside(parameter).length > 0,
  );
}

function outside(parameter: ParameterModel): string[] {
  const { type, minimum, maximum, minLength, maxLength } = parameter.schema;
  const candidates =
    type === 'integer' || type === 'number'
      ? [
          'x',
          '1e999',
          String((minimum ?? 0) - 1),
          String((maximum ?? Number.MAX_SAFE_INTEGER) + 1),
          '1.5',
        ]
      : [
          '',
          '\u0001',
          'a b_c',
          'a'.repeat(Math.max(0, (minLength ?? 1) - 1)),
          'a'.repeat((maxLength ?? 4096) + 1),
        ];
  return candidates.filter(
    (value) => !parameter.accepts(value) && (parameter.in === 'query' || /^[!-~]+$/.test(value)),
  );
}
