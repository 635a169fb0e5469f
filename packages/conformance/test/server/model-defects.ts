import type { Operation } from '@sql-sessions/contract/model';
import type { ModelServerOptions } from './model-server.ts';

export interface ModelDefect extends ModelServerOptions {
  name: string;
  /** The operation of the family that has the defect. */
  operation: string;
  /** Ids of the checks that must catch it. */
  checks: string[];
}

type Value = Record<string, unknown>;

const overlooks = (
  name: string,
  operation: string,
  check: string,
  isMeant: (part: string, value: unknown) => boolean,
): ModelDefect => ({
  name: `overlooks ${name}`,
  operation,
  checks: [check],
  overlooks: ({ id }: Operation, part, value) => id === operation && isMeant(part, value),
});

const refuses = (
  name: string,
  operation: string,
  check: string,
  isMeant: (part: string, value: unknown) => boolean,
): ModelDefect => ({
  name: `refuses ${name}`,
  operation,
  checks: [check],
  refuses: ({ id }: Operation, part, value) => id === operation && isMeant(part, value),
});

const spoils = (
  name: string,
  operation: string,
  checks: string[],
  status: number,
  change: NonNullable<ModelServerOptions['finish']>,
): ModelDefect => ({
  name,
  operation,
  checks,
  finish: (reply, one) =>
    one.id === operation && reply.status === status ? change(reply, one) : reply,
});

const inBody = (isMeant: (value: Value) => boolean) => (part: string, value: unknown) =>
  part === 'body' && typeof value === 'object' && value !== null && isMeant(value as Value);

const rewrite =
  (change: (body: Value) => unknown): NonNullable<ModelServerOptions['finish']> =>
  (reply) => ({ ...reply, raw: JSON.stringify(change(JSON.parse(`${reply.raw}`) as Value)) });

export const modelDefects: ModelDefect[] = [
  overlooks(
    'a missing body',
    'createSession',
    'body-required',
    (part, value) => part === 'body' && value === undefined,
  ),
  overlooks(
    'a missing field',
    'createSession',
    'body-rules',
    inBody((body) => !('database' in body)),
  ),
  overlooks(
    'the type of a field',
    'createSession',
    'body-rules',
    inBody(({ database }) => typeof database === 'number'),
  ),
  overlooks(
    'an empty text',
    'createSession',
    'body-rules',
    inBody(({ database }) => database === ''),
  ),
  overlooks(
    'a text that is too long',
    'createSession',
    'body-rules',
    inBody(({ database }) => `${database}`.length > 63),
  ),
  overlooks(
    'a number that is too small',
    'createSession',
    'body-rules',
    inBody(({ idle_timeout: one }) => Number(one) < 10),
  ),
  overlooks(
    'a number that is too large',
    'createSession',
    'body-rules',
    inBody(({ idle_timeout: one }) => Number(one) > 86_400),
  ),
  overlooks(
    'fractions',
    'createSession',
    'body-rules',
    inBody(({ idle_timeout: one }) => !Number.isInteger(one)),
  ),
  overlooks(
    'unknown fields',
    'createSession',
    'body-rules',
    inBody((body) => 'unexpected' in body),
  ),
  overlooks(
    'what is deep in the body',
    'createSession',
    'body-rules',
    inBody(({ settings }) => Object.values(settings ?? {}).some((one) => typeof one !== 'string')),
  ),
  overlooks(
    'a body that is no object',
    'executeStatement',
    'body-rules',
    (part, value) => part === 'body' && Array.isArray(value),
  ),
  overlooks(
    'items of a list',
    'executeStatement',
    'body-rules',
    inBody(
      ({ parameters }) =>
        Array.isArray(parameters) &&
        parameters.some((one) => typeof one === 'object' && one !== null),
    ),
  ),
  overlooks(
    'the limits of a page',
    'listSessions',
    'value-limits',
    (part, value) => part === 'limit' && Number(value) > 100,
  ),
  overlooks(
    'a page of nothing',
    'listStatements',
    'value-limits',
    (part, value) => part === 'limit' && Number(value) < 1,
  ),
  overlooks(
    'letters where a number belongs',
    'listSessions',
    'value-limits',
    (part, value) => part === 'offset' && typeof value === 'string',
  ),
  overlooks(
    'a negative offset',
    'readStatementResult',
    'value-limits',
    (part, value) => part === 'offset' && Number(value) < 0,
  ),
  overlooks('unknown states', 'listSessions', 'value-limits', (part) => part === 'state'),
  overlooks('what is no time', 'listSessions', 'value-limits', (part) => part === 'created_after'),
  overlooks(
    'the pattern of an id',
    'cancelStatement',
    'id-characters',
    (part) => part === 'statement_id',
  ),
  refuses(
    'two states at once',
    'listSessions',
    'value-accepted',
    (part, value) => part === 'state' && Array.isArray(value) && value.length > 1,
  ),
  refuses(
    'the largest page',
    'listSessions',
    'value-accepted',
    (part, value) => part === 'limit' && Number(value) > 20,
  ),
  refuses('any time', 'listSessions', 'value-accepted', (part) => part === 'created_after'),
  refuses(
    'a body without settings',
    'createSession',
    'body-accepted',
    inBody((body) => !('settings' in body)),
  ),
  spoils('gives no Location', 'createSession', ['success'], 201, (reply) => ({
    ...reply,
    headers: { 'Content-Type': 'application/json' },
  })),
  spoils('gives a Location that is no URL', 'createSession', ['success'], 201, (reply) => ({
    ...reply,
    headers: { ...reply.headers, Location: 'not a <path>' },
  })),
  spoils('responds with 200 to a create', 'createSession', ['success'], 201, (reply) => ({
    ...reply,
    status: 200,
  })),
  spoils(
    'leaves a field out of a list',
    'listSessions',
    ['success'],
    200,
    rewrite(({ total: _, ...body }) => body),
  ),
  spoils(
    'has an unknown state in a list',
    'listSessions',
    ['success'],
    200,
    rewrite((body) => ({
      ...body,
      sessions: [{ ...(body.sessions as Value[])[0], state: 'asleep' }],
    })),
  ),
  spoils(
    'writes times as numbers',
    'showSession',
    ['success'],
    200,
    rewrite((body) => ({ ...body, created_at: 1_769_846_400 })),
  ),
  spoils(
    'writes times in a format of its own',
    'showSession',
    ['success'],
    200,
    rewrite((body) => ({ ...body, created_at: '31.01.2026 08:15' })),
  ),
  spoils(
    'has a body in a 204 of another type',
    'cancelStatement',
    ['response-no-content'],
    204,
    (reply) => ({ ...reply, headers: { 'Content-Length': '0' } }),
  ),
  spoils('responds with 201 to a read', 'readStatementResult', ['success'], 200, (reply) => ({
    ...reply,
    status: 201,
  })),
];
