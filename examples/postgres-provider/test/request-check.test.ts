import { readContract } from '@sql-sessions/contract/model';
import { expect, test } from 'vitest';
import { requestCheck } from '../src/request-check.ts';

const [operation] = readContract({
  openapi: '3.1.0',
  info: { title: 'Small', version: '1.0.0' },
  paths: {
    '/x/{count}': {
      get: {
        operationId: 'getX',
        parameters: [
          { name: 'count', in: 'path', required: true, schema: { type: 'integer', maximum: 9 } },
          { name: 'force', in: 'query', schema: { type: 'boolean' } },
          { name: 'X-Reason', in: 'header', schema: { type: 'string', maxLength: 4 } },
        ],
        responses: { '200': { description: 'Fine.' } },
      },
    },
  },
}).operations;

test.each([
  ['all that is asked for', { count: '7' }, {}, {}, undefined],
  ['a boolean', { count: '7' }, { force: 'true' }, {}, undefined],
  ['another word than true and false', { count: '7' }, { force: 'yes' }, {}, 'force must be'],
  ['no number', { count: 'seven' }, {}, {}, 'count must be'],
  ['too much', { count: '10' }, {}, {}, 'count must be'],
  ['digits where a text is asked for', { count: '7' }, {}, { 'x-reason': '12' }, undefined],
  ['a text that is too long', { count: '7' }, {}, { 'x-reason': '12345' }, 'X-Reason must be'],
] as const)('parameters arrive as texts: %s', (_name, params, query, headers, broken) => {
  const check = requestCheck(operation ?? expect.unreachable());
  const said = check({ params, query, headers });
  if (broken === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(broken);
});
