import type {
  Contract,
  Credential,
  Operation,
  SecurityAlternative,
  SecurityScheme,
} from '@sql-sessions/contract/model';
import { KitError } from '../kit-error.ts';

/** Who a call is made as. */
export interface Identity {
  /** The credential for every security scheme that has none of its own; null: none. */
  readonly token?: string | null | undefined;
  /** Credentials by the name of the security scheme; `name:password` for HTTP's Basic. */
  readonly credentials?: Readonly<Record<string, string>> | undefined;
}

/** A credential of a call: its scheme, where it travels and what it says. */
export interface Sent extends Credential {
  readonly scheme: string;
  readonly basic: boolean;
  readonly value: string;
}

/** Schemes whose credentials depend on a challenge of the server, so that nobody can hand them over beforehand. */
const CHALLENGED = /^(?:digest|dpop|hoba|mutual|negotiate|scram-.+)$/;

/** The environment variable of a scheme's credential. */
export function variableOf(scheme: string): string {
  return `SQL_SESSIONS_CREDENTIAL_${scheme.toUpperCase().replace(/\W/g, '_')}`;
}

/**
 * Credentials by the names that the contract has for the schemes. They can be given by the end of their variable too.
 * @throws {Error} for a scheme that the contract does not have
 */
export function byScheme(
  { securitySchemes }: Contract,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const scheme =
        securitySchemes.find(({ name }) => name === key) ??
        securitySchemes.find(({ name }) => variableOf(name) === variableOf(key));
      if (scheme) return [scheme.name, value];
      const names = securitySchemes.map(({ name }) => name).join(', ') || 'none';
      throw new Error(
        `Unknown security scheme ${JSON.stringify(key)}: the schemes of the contract are ${names}.`,
      );
    }),
  );
}

/** The operation with the alternatives that the kit can authenticate with; `certificate`: it has one for mutual TLS. */
export function withUsableSecurity(operation: Operation, certificate: boolean): Operation {
  const security = operation.security.filter(({ schemes }) =>
    schemes.every(({ scheme }) => obstacle(scheme, certificate) === ''),
  );
  return { ...operation, security };
}

/** Why the kit cannot authenticate for an operation; empty: it can, or need not. */
export function obstacleOf(operation: Operation, certificate: boolean): string {
  if (withUsableSecurity(operation, certificate).security.length > 0) return '';
  const reasons = operation.security.flatMap(({ schemes }) =>
    schemes.map(({ scheme }) => obstacle(scheme, certificate)).filter((reason) => reason !== ''),
  );
  return [...new Set(reasons)].join(', and ');
}

function obstacle({ name, type, httpScheme = '' }: SecurityScheme, certificate: boolean): string {
  if (type === 'mutualTLS' && !certificate)
    return `${name} needs a client certificate: give --cert and --key`;
  return CHALLENGED.test(httpScheme) ? `the kit cannot authenticate with ${name}` : '';
}

/** The alternatives of an operation that ask for something. */
export function alternativesOf({ security }: Operation): readonly SecurityAlternative[] {
  return security.filter(({ schemes }) => schemes.length > 0);
}

/** The credentials of each alternative that a caller has all of. */
export function waysOf(operation: Operation, caller: Identity): Sent[][] {
  return alternativesOf(operation)
    .filter((one) => hasAll(one, caller))
    .map((one) => sentOf(one, caller));
}

/** The credentials of each alternative, empty ones where the caller does not have all of them. */
export function everyWay(operation: Operation, caller: Identity): Sent[][] {
  return alternativesOf(operation).map((one) =>
    sentOf(one, hasAll(one, caller) ? caller : { token: '' }),
  );
}

function hasAll({ schemes }: SecurityAlternative, caller: Identity): boolean {
  return schemes.every(({ scheme }) => !scheme.credential || toSent(scheme, caller).length > 0);
}

/** Whether something is sent in every place that one of the alternatives asks for, whatever it says there. */
export function suffices(operation: Operation, sent: readonly Sent[]): boolean {
  const place = ({ in: where, name, prefix }: Credential) =>
    `${where} ${name.toLowerCase()} ${prefix}`;
  return alternativesOf(operation).some(({ schemes }) =>
    schemes.every(
      ({ scheme: { credential } }) =>
        !credential || sent.some((one) => place(one) === place(credential)),
    ),
  );
}

/** What a caller sends: the first of its ways, or what it has for the first alternative. */
export function credentialsOf(operation: Operation, caller: Identity): Sent[] {
  const [first] = alternativesOf(operation);
  return waysOf(operation, caller)[0] ?? (first ? sentOf(first, caller) : []);
}

function sentOf({ schemes }: SecurityAlternative, caller: Identity): Sent[] {
  const all = schemes.flatMap(({ scheme }) => toSent(scheme, caller));
  // One place carries one value.
  return [...new Map(all.map((one) => [`${one.in} ${one.name.toLowerCase()}`, one])).values()];
}

function toSent({ name, credential, httpScheme }: SecurityScheme, caller: Identity): Sent[] {
  const { credentials = {}, token } = caller;
  const value = Object.hasOwn(credentials, name) ? credentials[name] : token;
  if (!credential || value === undefined || value === null) return [];
  const basic = httpScheme === 'basic';
  // A line break would write header lines of its own.
  if (!basic && /[^ -~\x80-\xff]/.test(value)) {
    throw new KitError(
      'input',
      `The credential for ${name} has a character that cannot be sent, such as a line break: expected one line of text.`,
    );
  }
  // A name alone has an empty password: so do keys travel in Basic.
  const text = basic && value !== '' && !value.includes(':') ? `${value}:` : value;
  return [{ ...credential, scheme: name, basic, value: text }];
}
