import { inspect } from 'node:util';
import { type Contract, isJson } from '@sql-sessions/contract/model';
import type { Secrets } from '../http/secrets.ts';
import { contentOf } from '../values/content.ts';
import { byScheme, type Identity, variableOf } from '../values/credentials.ts';
import type { Schemas } from '../values/schemas.ts';
import type { CheckedOperation, Setup, Subject } from './setup.ts';

/** The setup broke its own contract, so nothing can be said about the server. Its message is one sentence. */
export class SetupError extends Error {
  override name = 'SetupError';
}

const FIELDS: Record<string, string> = {
  token: 'string',
  credentials: 'object',
  requiresToken: 'boolean or list of strings',
  badToken: 'string',
  retries: 'string',
  secrets: 'list of strings',
  live: 'function',
  stuck: 'function',
  innerFault: 'function',
  secondTenant: 'object',
  forbidden: 'function',
  restart: 'function',
  close: 'function',
};
const TENANT = ['token', 'credentials', 'live'];
const SUBJECT = ['params', 'body', 'isOpen', 'release', 'recover', 'token', 'credentials'];

type Called = 'live' | 'stuck' | 'innerFault' | 'forbidden';

export interface GuardOptions {
  readonly schemas: Schemas;
  readonly secrets: Secrets;
  /** Milliseconds that each of the setup's functions may take. */
  readonly timeout: number;
}

/**
 * The setup with every value that it hands over checked: a mistake of the setup is never a breach of the server.
 * @throws {SetupError} for an unknown field or one of the wrong type
 */
export function guardSetup(raw: unknown, { schemas, secrets, timeout }: GuardOptions): Setup {
  if (typeof raw !== 'object' || raw === null) {
    throw new SetupError(
      `the setup returned ${describe(raw)}: expected an object of capabilities.`,
    );
  }
  for (const [name, value] of Object.entries(raw)) {
    const expected = FIELDS[name];
    if (expected === undefined) {
      throw new SetupError(
        `the setup has an unknown field "${name}": expected some of ${Object.keys(FIELDS).join(', ')}.`,
      );
    }
    if (value === undefined) continue;
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
    const type = isList ? 'list of strings' : value === null ? 'null' : typeof value;
    if (!expected.split(' or ').includes(type)) {
      throw new SetupError(
        `the setup's \`${name}\` is ${describe(value)}: expected ${/^o/.test(expected) ? 'an' : 'a'} ${expected}.`,
      );
    }
  }
  const setup = raw as Setup;
  if (setup.retries !== undefined && !['success', 'not-found'].includes(setup.retries)) {
    throw new SetupError(
      `the setup's \`retries\` is ${describe(setup.retries)}: expected "success" or "not-found".`,
    );
  }
  const ids = schemas.contract.operations.map(({ id }) => id);
  const unknown = [setup.requiresToken]
    .flat()
    .find((one) => typeof one === 'string' && !ids.includes(one));
  if (unknown !== undefined) {
    throw new SetupError(
      `the setup's \`requiresToken\` has the unknown operation ${describe(unknown)}: expected some of ${ids.join(', ')}.`,
    );
  }
  if (/[^ -~]/.test(setup.badToken ?? ''))
    throw new SetupError("the setup's `badToken` cannot be sent: expected one line of text.");
  /** Checks the credentials of a tenant, and keeps them secret. */
  const tenant = (what: string, variable: string, given: Identity): Identity => {
    if (typeof (given.token ?? '') !== 'string')
      throw new SetupError(`${what}: \`token\` is ${describe(given.token)}: expected a string.`);
    secrets.add(variable, given.token ?? undefined);
    const values = Object.entries(given.credentials ?? {});
    const odd = values.find(([, value]) => typeof value !== 'string');
    if (odd)
      throw new SetupError(`${what} of ${odd[0]} is ${describe(odd[1])}: expected a string.`);
    try {
      const credentials = byScheme(schemas.contract, Object.fromEntries(values));
      for (const [name, value] of Object.entries(credentials))
        secrets.add(variable.replace('TOKEN', variableOf(name).slice(13)), value);
      return { token: given.token, ...(values.length > 0 && { credentials }) };
    } catch (cause) {
      throw new SetupError(`${what}: ${(cause as Error).message}`);
    }
  };
  const own = tenant("the setup's `credentials`", 'SQL_SESSIONS_TOKEN', setup);
  secrets.add('SQL_SESSIONS_BAD_TOKEN', setup.badToken);

  const inTime = <T>(name: string, action: () => T | Promise<T>): Promise<T> =>
    within(timeout, `the setup's \`${name}\``, action);
  const subject = <T extends Subject>(
    name: string,
    ask?: (one: CheckedOperation) => Promise<T | undefined>,
  ) =>
    ask &&
    (async (operation: CheckedOperation): Promise<T | undefined> => {
      const { id, method, path } = operation;
      const found = await inTime(name, () => ask({ id, method, path }));
      if (found === undefined || found === null) return undefined;
      checkSubject(name, found, id, schemas);
      const { isOpen, release, recover } = found as T & { recover?(): Promise<void> };
      if (/^(stuck|innerFault)$/.test(name) && typeof recover !== 'function')
        throw new SetupError(`\`${name}\` returned no \`recover\` for ${id}: expected a function.`);
      const caller = tenant(
        `the credentials of \`${name}\``,
        'SQL_SESSIONS_FORBIDDEN_TOKEN',
        found as Identity,
      );
      return {
        ...found,
        ...(caller.credentials && { credentials: caller.credentials }),
        ...(isOpen && {
          isOpen: async () => {
            const open = await inTime(`${name}().isOpen`, () => isOpen.call(found));
            if (typeof open === 'boolean') return open;
            throw new SetupError(
              `the setup's \`${name}().isOpen\` gave ${describe(open)}: expected true or false.`,
            );
          },
        }),
        ...(release && { release: () => inTime(`${name}().release`, () => release.call(found)) }),
        ...(recover && { recover: () => inTime(`${name}().recover`, () => recover.call(found)) }),
      };
    });
  const bound = <K extends Called>(name: K) =>
    subject(name, setup[name]?.bind(setup) as never) as Setup[K];
  const second = setup.secondTenant;
  const odd = Object.keys(second ?? {}).find((one) => !TENANT.includes(one));
  if (odd !== undefined) {
    throw new SetupError(
      `the setup's \`secondTenant\` has an unknown field "${odd}": expected some of ${TENANT.join(', ')}.`,
    );
  }
  return {
    ...setup,
    ...(own.credentials && { credentials: own.credentials }),
    ...(setup.live && { live: bound('live') }),
    ...(setup.stuck && { stuck: bound('stuck') }),
    ...(setup.innerFault && { innerFault: bound('innerFault') }),
    ...(setup.forbidden && { forbidden: bound('forbidden') }),
    ...(second && {
      secondTenant: {
        ...tenant(
          "the `credentials` of the setup's `secondTenant`",
          'SQL_SESSIONS_SECOND_TOKEN',
          second,
        ),
        live: subject('secondTenant.live', (one) => second.live(one)),
      },
    }),
    ...(setup.restart && { restart: () => inTime('restart', () => setup.restart?.()) }),
    ...(setup.close && { close: () => inTime('close', () => setup.close?.()) }),
  } as Setup;
}

/** Runs a function of the setup; what it throws, and a hang, become one sentence. */
export async function within<T>(
  timeout: number,
  name: string,
  action: () => T | Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SetupError(`${name} did not settle in ${timeout / 1000} s.`)),
      timeout,
    );
  });
  try {
    return await Promise.race([(async () => action())(), late]);
  } catch (cause) {
    if (cause instanceof SetupError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`${name} failed: ${message.split('\n')[0]}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function checkSubject(name: string, found: object, id: string, schemas: Schemas): void {
  const unknown = Object.keys(found).find((key) => !SUBJECT.includes(key));
  if (unknown !== undefined) {
    throw new SetupError(
      `\`${name}\` returned an unknown field "${unknown}" for ${id}: expected some of ${SUBJECT.join(', ')}.`,
    );
  }
  const { params, body } = found as Subject;
  if (typeof params !== 'object' || params === null) {
    throw new SetupError(
      `\`${name}\` returned no \`params\` for ${id}: expected values by parameter name.`,
    );
  }
  const operation = (schemas.contract as Contract).operations.find((one) => one.id === id);
  const parameters = operation?.parameters ?? [];
  const missing = parameters.find((one) => one.in === 'path' && !Object.hasOwn(params, one.name));
  if (missing) {
    throw new SetupError(
      `\`${name}\` returned no ${missing.name} for ${id}: expected a value for each parameter of its path.`,
    );
  }
  const content = operation?.requestBody && contentOf(operation.requestBody);
  const json = content?.schema && isJson(content.mediaType) && body !== undefined;
  const [wrong] = json ? schemas.errors(content.schema, body) : [];
  if (wrong) {
    throw new SetupError(
      `\`${name}\` returned a body for ${id} that breaks the contract: ${wrong.instancePath || 'it'} ${wrong.message}.`,
    );
  }
  for (const [key, value] of Object.entries(params)) {
    const parameter = parameters.find((one) => one.name === key);
    if (!parameter) {
      const names = parameters.map((one) => one.name).join(', ') || 'none';
      throw new SetupError(
        `\`${name}\` returned the parameter "${key}", which ${id} does not have: its parameters are ${names}.`,
      );
    }
    const [error] = schemas.errors(parameter.schema, value);
    if (error) {
      throw new SetupError(
        `\`${name}\` returned ${key} = ${describe(value)} for ${id}, which breaks the contract: it ${error.message}.`,
      );
    }
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 60);
  } catch {
    // A BigInt, or a value that contains itself.
    return inspect(value).slice(0, 60);
  }
}
