import type { OperationModel } from '../contract/contract-model.ts';

/** Where the contract documents a status of the operation. */
export function answerPlace(status: number): (operation: OperationModel) => string {
  return (operation) => operation.responses.get(status)?.pointer ?? operation.pointer;
}

/** Where the contract sets the limits of the operation's first path parameter. */
export function idPlace(operation: OperationModel): string {
  const parameter = operation.parameters.find((one) => one.in === 'path');
  return parameter?.pointer ?? operation.pointer;
}

export function bodyPlace(operation: OperationModel): string {
  return operation.body?.pointer ?? operation.pointer;
}

export function operationPlace(operation: OperationModel): string {
  return operation.pointer;
}

export function pathPlace(operation: OperationModel): string {
  return operation.pointer.replace(/\/[^/]*$/, '');
}

/** A rule of HTTP itself, which every contract over HTTP builds on. */
export function rfc(number: number, section: string): () => string {
  return () => `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`;
}

export function documents(status: number): (operation: OperationModel) => boolean {
  return (operation) => operation.responses.has(status);
}

/** Operations that change something are only called with ids that nobody can have. */
export function isSafe(operation: OperationModel): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(operation.method);
}
