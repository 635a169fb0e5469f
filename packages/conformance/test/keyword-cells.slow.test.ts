import { byPrint, unheldCells } from '@sql-sessions/contract/build';
import { readContract } from '@sql-sessions/contract/model';
import { readFixture } from '@sql-sessions/testing/contracts';
import { variants } from '@sql-sessions/testing/variants';
import { expect, test } from 'vitest';
import { allChecks } from '../src/checks/all-checks.ts';
import type { Exchange } from '../src/http/exchange.ts';
import { judgeHeaders, judgeShape, judgeType } from '../src/run/judge-response.ts';
import { requestOf, validBody } from '../src/run/request-of.ts';
import { breakRules } from '../src/values/broken.ts';
import { contentOf } from '../src/values/content.ts';
import { obstacleOf, waysOf } from '../src/values/credentials.ts';
import { sampleValid } from '../src/values/sample.ts';
import { Schemas } from '../src/values/schemas.ts';

/** An object with a name, and with a number of members, that no schema of the fixtures allows. */
function* oddMembers(object: object): Generator<object> {
  const [first = 1] = Object.values(object);
  yield { ...object, 'Odd name!': first };
  yield {
    ...object,
    ...Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`a${at}`, first])),
  };
}

test('each keyword that the kit supports changes what it sends or how it judges', async () => {
  const ours = [readFixture('everything'), readFixture('family'), readFixture('warehouses')];
  const exchanges = new Map<object, Map<string, Exchange[]>>();

  /** Responses of a server: what a document has as examples, and what differs from it in one place. */
  function responsesOf(document: object): Map<string, Exchange[]> {
    const contract = readContract(document);
    const schemas = new Schemas(contract);
    return new Map(
      contract.operations.map((operation) => [
        operation.method + operation.path,
        operation.responses.flatMap(({ status, content, headers }) => {
          const number = Number(status) || (status === '4XX' ? 418 : 500);
          const texts = content.flatMap(({ mediaType, schema = {}, examples }) => {
            const values = [
              ...examples.map(({ value }) => value),
              ...sampleValid(schemas, schema, 1, 2),
            ];
            return values.flatMap((value) =>
              [...variants(value, 2, oddMembers)].map(
                (each) => [mediaType, JSON.stringify(each) ?? ''] as const,
              ),
            );
          });
          const named = headers.map(
            ({ name, examples }) => [name, String(examples[0]?.value ?? '2')] as const,
          );
          const exchange = (type: string | undefined, body: string, more = named) => ({
            request: { method: operation.method },
            responses: [
              {
                status: number,
                reason: '',
                headers: [...(type ? [['content-type', type] as const] : []), ...more],
                body: Buffer.from(body),
              },
            ],
          });
          return [
            exchange(undefined, ''),
            exchange('text/other', 'x'),
            exchange('application/json', '{}'),
            ...texts.map(([type, body]) => exchange(type, body)),
            ...headers.flatMap(({ name }) =>
              [undefined, 'x', '-1', '1.5', 'a,b', 'a=1'].map((value) =>
                exchange(
                  texts[0]?.[0],
                  texts[0]?.[1] ?? '',
                  value === undefined ? [] : [[name, value]],
                ),
              ),
            ),
          ] as unknown as Exchange[];
        }),
      ]),
    );
  }

  const print = (document: object, base: object) => {
    const known = exchanges.get(base) ?? responsesOf(base);
    exchanges.set(base, known);
    const contract = readContract(document);
    const schemas = new Schemas(contract);
    const around = {
      schemas,
      prefix: contract.servers.map(({ defaultUrl }) => defaultUrl).join(),
      headers: [],
      label: 'a',
      caller: { token: 'secret' },
    };
    const made = contract.operations.map((operation) => {
      const tried = operation.parameters.flatMap((parameter) => {
        const valid = [
          ...parameter.examples.map(({ value }) => value),
          ...sampleValid(schemas, parameter.schema, 1, 3),
        ];
        const broken = breakRules(schemas, parameter.schema, valid[0]).map(({ value }) => value);
        return [...valid, ...broken].map((value) =>
          requestOf(operation, { params: { [parameter.name]: value } }, around),
        );
      });
      const content = operation.requestBody && contentOf(operation.requestBody);
      const bodies = content?.schema
        ? [
            ...sampleValid(schemas, content.schema, 1, 3),
            ...breakRules(schemas, content.schema, validBody(schemas, content)).map(
              ({ value }) => value,
            ),
          ]
        : [];
      const judged = known
        .get(operation.method + operation.path)
        ?.map((exchange) =>
          [judgeShape, judgeType, judgeHeaders].map((judge) => judge(exchange, operation, schemas)),
        );
      return [
        operation.id,
        requestOf(operation, {}, around),
        waysOf(operation, around.caller),
        obstacleOf(operation, false),
        tried,
        bodies.map((json) => requestOf(operation, { json }, around)),
        judged,
        allChecks
          .filter(({ appliesTo = () => true }) => appliesTo(operation, { requiresToken: true }))
          .map(({ id }) => id),
      ];
    });
    return JSON.stringify([contract.info.title, made]);
  };
  expect(await unheldCells('kit', ours, readFixture('foreign'), byPrint(print))).toEqual([]);
});
