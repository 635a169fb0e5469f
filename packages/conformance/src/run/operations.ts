import {
  allowsAnonymous,
  type Contract,
  type Operation,
  type Parameter,
  responseFor,
} from '@sql-sessions/contract/model';
import type { Setup } from '../setup/setup.ts';

/** A pointer into the contract, or the URL of an RFC's section. */
export type Source = (operation: Operation) => string;

/** Where the contract documents a status of the operation. */
export function responsePlace(status: number): Source {
  return (operation) => responseFor(operation, status)?.pointer ?? operation.pointer;
}

/** Where the contract sets the limits of the operation's first path parameter. */
export function idPlace(operation: Operation): string {
  return pathParameters(operation)[0]?.pointer ?? operation.pointer;
}

export function bodyPlace({ requestBody, pointer }: Operation): string {
  return requestBody?.pointer ?? pointer;
}

export function operationPlace({ pointer }: Operation): string {
  return pointer;
}

export function pathPlace({ pointer }: Operation): string {
  return pointer.replace(/\/[^/]*$/, '');
}

/** A rule of HTTP itself, which every contract over HTTP builds on. */
export function rfc(number: number, section: string): Source {
  return () => `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`;
}

/** Whether the contract names a status, by its number or by its range. */
export function documents(status: number): (operation: Operation) => boolean {
  return (operation) => named(operation).includes(status);
}

/** Every status that the contract names; `default` names none. */
export function named({ responses }: Operation): number[] {
  return responses.flatMap(({ status }) => {
    if (/^\d{3}$/.test(status)) return [Number(status)];
    if (!/^\dXX$/.test(status)) return [];
    return Array.from({ length: 100 }, (_, index) => Number(status[0]) * 100 + index);
  });
}

/** The statuses that mean success. */
export function successesOf(operation: Operation): number[] {
  const documented = named(operation).filter((status) => status >= 200 && status < 400);
  return documented.length > 0 ? documented : range(200, 299);
}

/** The statuses for a request that breaks a rule of the contract; empty where it documents none. */
export function refusalsOf(operation: Operation): number[] {
  const exact = operation.responses.map(({ status }) => Number(status));
  const usual = [400, 422];
  if (usual.some((status) => exact.includes(status)))
    return usual.filter((status) => responseFor(operation, status));
  return responseFor(operation, 400) ? range(400, 499) : [];
}

/** The statuses for a call whose credentials do not do; empty where the contract documents none. */
export function unauthorizedOf(operation: Operation): number[] {
  return [401, 403].filter((status) => responseFor(operation, status) !== undefined);
}

/** Whether the server insists on a token, as its team or else the contract says; undefined: neither does. */
export function asksForToken(operation: Operation, { requiresToken }: Setup): boolean | undefined {
  if (typeof requiresToken === 'object') return requiresToken.includes(operation.id);
  return requiresToken ?? (allowsAnonymous(operation) ? undefined : true);
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export function pathParameters({ parameters }: Operation): Parameter[] {
  return parameters.filter((one) => one.in === 'path');
}

/** Operations that change something are only called with ids that nobody can have, or with those of the setup. */
export function isSafe({ method }: Operation): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
}

/** Whether success means that the subject is gone. */
export function removes({ method }: Operation): boolean {
  return method === 'DELETE';
}

/** Methods that the contract has on the path of an operation, whatever its parameters are called there. */
export function methodsOfPath({ operations }: Contract, { path }: Operation): string[] {
  const shape = (text: string) => text.replace(/\{[^}]*\}/g, '{}');
  return operations.filter((one) => shape(one.path) === shape(path)).map(({ method }) => method);
}
