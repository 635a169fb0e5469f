import { type Operation, responseFor } from '@sql-sessions/contract/model';
import { open } from '../http/endpoint.ts';
import type { Exchange } from '../http/exchange.ts';
import { header } from '../http/parse-responses.ts';
import type { WireRequest } from '../http/wire-request.ts';
import { KitError } from '../kit-error.ts';
import type { Setup } from '../setup/setup.ts';
import { alternativesOf, credentialsOf, variableOf } from '../values/credentials.ts';
import { judgeShape, judgeType } from './judge-response.ts';
import { isSafe, pathParameters, successesOf } from './operations.ts';
import type { Traffic } from './traffic.ts';

/**
 * A harmless call of each operation, so that a server that is not there, a token that is not right, or another API is
 * said once and clearly. Finds the contract's own path where the base URL lacks it.
 * @param setup is asked for something to call where nothing else is known by its responses
 * @throws {KitError} in one sentence
 */
export async function greet(
  traffic: Traffic,
  operations: readonly [Operation, ...Operation[]],
  setup: Setup,
): Promise<void> {
  const { schemas, endpoint } = traffic.options;
  const [first] = operations;
  await knock(traffic, first);
  if (!(await isThisApi(traffic, operations))) {
    const prefix = await findPrefix(traffic, operations);
    if (prefix === undefined && !(await hasLive(traffic, operations, setup))) {
      const responses = traffic.recorded.map(({ exchange }) => exchange.responses[0]);
      const [response] = responses;
      const closed = operations.find((operation) => alternativesOf(operation).length > 0);
      const gate =
        closed && responses.every((one) => one?.status === 401)
          ? ` Or it looks at credentials before all else: set ${variablesOf(traffic, closed)} to what it accepts.`
          : '';
      throw new KitError(
        'server',
        `${endpoint.url.href} does not look like ${schemas.contract.info.title}: no call got a response that only this API would give, but such as ${response?.status} ${(response && header(response, 'content-type')) ?? 'without a type'}. Check --base-url, or give the right --contract.${gate}`,
      );
    }
    if (prefix !== undefined) {
      traffic.forget();
      traffic.notes.add(`The operations are under ${prefix}: the base URL lacked it.`);
    }
  }
  for (const operation of operations) {
    const status = (await traffic.isAlive(operation))?.responses[0]?.status;
    if (status === 401 && alternativesOf(operation).length > 0) refuse(traffic, operation);
  }
}

/** @throws {KitError} that says which credential is missing or wrong */
function refuse(traffic: Traffic, operation: Operation): never {
  const { caller, schemas } = traffic.options;
  const single = schemas.contract.securitySchemes.length === 1;
  const sent = credentialsOf(operation, caller).map(({ scheme }) => scheme);
  const names = single ? 'the token' : sent.join(' and ');
  const variables = variablesOf(traffic, operation);
  const advice = single
    ? `${variables} to a token it accepts.`
    : `${variables} to what it accepts, or leave the operation out with --without ${operation.id}.`;
  throw new KitError(
    'input',
    `The server responds with 401 to ${sent.length === 0 ? 'a call without a token' : names}${single ? '' : ` in ${operation.id}`}. Set ${advice}`,
  );
}

/** The environment variables for the credentials of an operation. */
function variablesOf({ options: { schemas } }: Traffic, operation: Operation): string {
  if (schemas.contract.securitySchemes.length === 1) return 'SQL_SESSIONS_TOKEN';
  const variables = alternativesOf(operation).map(({ schemes }) =>
    schemes
      .filter(({ scheme }) => scheme.credential)
      .map(({ scheme }) => variableOf(scheme.name))
      .join(' and '),
  );
  return variables.join(', or ');
}

/** What to do about a connection that failed, by what is known of it. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/proxy/, 'Correct --proxy, or ask its owner.'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/,
    'It asks for a client certificate: give one that it accepts with --cert and --key.',
  ],
  [
    /ALTNAME/,
    'Its certificate is for another host: correct --base-url, or add --insecure for a test machine.',
  ],
  [
    /certificate|CERT|SELF_SIGNED|ERR_TLS/,
    'Give the certificate authority with --ca, or add --insecure for a test machine.',
  ],
  [
    /EPROTO|WRONG_VERSION/,
    'It does not speak TLS: write http:// instead of https:// in --base-url.',
  ],
];

async function knock(traffic: Traffic, operation: Operation): Promise<void> {
  const { endpoint } = traffic.options;
  const { url } = endpoint;
  const done = await traffic.isAlive(operation);
  const failed = done ?? traffic.recorded.at(-1)?.exchange;
  const [response] = failed?.responses ?? [];
  if (done && !response) return;
  if (!response) {
    if (failed && (await speaksTls(traffic, failed))) {
      throw new KitError(
        'server',
        `${url.origin} speaks TLS. Write https:// instead of http:// in --base-url.`,
      );
    }
    const detail = failed?.detail ?? '';
    const [, advice = 'Start the server, or correct --base-url.'] =
      ADVICE.find(([sign]) => sign.test(detail)) ?? [];
    throw new KitError('server', `${url.origin} gave no response: ${detail}. ${advice}`);
  }
  const { status } = response;
  if (status >= 300 && status < 400 && !responseFor(operation, status)) {
    throw new KitError(
      'server',
      `${url.origin} redirects a plain call to ${header(response, 'location') ?? 'nowhere'} (${status}). Use that as --base-url: a redirected call is another call.`,
    );
  }
  if (status >= 500) {
    throw new KitError(
      'server',
      `${url.origin} responds with ${status} to a plain call on ids that nobody has. Look at its log, and at the gateway in front of it.`,
    );
  }
  if (status === 400 && /plain HTTP request.*HTTPS|requires TLS/i.test(response.body.toString())) {
    throw new KitError(
      'server',
      `${url.origin} speaks TLS. Write https:// instead of http:// in --base-url.`,
    );
  }
}

async function speaksTls(traffic: Traffic, failed: Exchange): Promise<boolean> {
  const { url } = traffic.options.endpoint;
  if (url.protocol !== 'http:' || failed.failure === 'refused') return false;
  if (failed.rest[0] === 0x15) return true;
  const secure = new URL(url.href.replace(/^http:/, 'https:'));
  try {
    (await open({ url: secure, tls: { rejectUnauthorized: false } })).destroy();
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether anything that the server sends is of the kind that the contract has. What has another shape counts too, where a
 * path that nobody has gets another status: an API that is not this one has no path of it.
 */
async function isThisApi(traffic: Traffic, operations: readonly Operation[]): Promise<boolean> {
  for (const operation of operations.slice(0, 8)) {
    const send = (request: WireRequest) =>
      traffic.send(request, { scope: 'outside', operation, check: 'alive' });
    const name = pathParameters(operation).at(-1)?.name;
    const { target, method, ...plain } = traffic.request(operation, { token: null, body: null });
    const stray = await send({
      ...plain,
      // Below ids that nobody has it can hit nothing.
      method: name === undefined ? 'GET' : method,
      target: `${target.split('?')[0]}/no-such-path`,
    });
    const wrong = name === undefined ? [] : [{ rawParams: { [name]: 'a_b!' } }];
    for (const options of [{}, ...wrong, { token: null }]) {
      const exchange = await send(traffic.request(operation, options));
      const status = exchange.responses[0]?.status ?? 0;
      if (exchange.rest.includes('HTTP/')) return true;
      const same = status === stray.responses[0]?.status;
      // It knows the path, and asks for a credential.
      if (status === 401 && !same && alternativesOf(operation).length > 0) return true;
      const documented = responseFor(operation, status);
      if (!documented) continue;
      // Without a body there is nothing to know it by.
      if (documented.content.length === 0 && (same || [404, 405].includes(status))) continue;
      const { schemas } = traffic.options;
      if (judgeShape(exchange, operation, schemas) === undefined) return true;
      if (!same && judgeType(exchange, operation, schemas) === undefined) return true;
    }
  }
  return false;
}

/** Whether something that the setup has made is there. Only asked with calls that change nothing. */
async function hasLive(
  traffic: Traffic,
  operations: readonly Operation[],
  setup: Setup,
): Promise<boolean> {
  for (const operation of operations.filter(isSafe).slice(0, 8)) {
    const subject = await setup.live?.(operation);
    if (!subject) continue;
    const request = traffic.request(operation, { params: subject.params, json: subject.body });
    try {
      const done = await traffic.send(request, { scope: 'outside', operation, check: 'alive' });
      const isSuccess = successesOf(operation).includes(done.responses[0]?.status ?? 0);
      if (isSuccess && judgeType(done, operation, traffic.options.schemas) === undefined)
        return true;
    } finally {
      await subject.release?.();
    }
  }
  return false;
}

async function findPrefix(
  traffic: Traffic,
  operations: readonly Operation[],
): Promise<string | undefined> {
  const given = traffic.prefix;
  const paths = traffic.options.schemas.contract.servers.map(
    ({ defaultUrl }) => URL.parse(defaultUrl, 'http://server.invalid')?.pathname ?? '/',
  );
  const usual = ['/api', '/api/v1'];
  for (const path of new Set([...paths, ...usual].map((one) => one.replace(/\/$/, '')))) {
    if (path === '') continue;
    traffic.prefix = given + path;
    if (await isThisApi(traffic, operations)) return traffic.prefix;
  }
  traffic.prefix = given;
  return undefined;
}
