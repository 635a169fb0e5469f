import type { OperationModel } from './contract/contract-model.ts';
import { unguessableValue } from './contract/values.ts';
import type { WireRequest } from './http/wire-request.ts';

export interface CallOptions {
  /** Values of parameters by name, not yet escaped. Path parameters that are missing get an unguessable value. */
  readonly params?: Readonly<Record<string, string>>;
  /** Path segments by parameter name that go onto the wire exactly as given. */
  readonly rawParams?: Readonly<Record<string, string>>;
  /** The token to send; null: none. Default: that of the run. */
  readonly token?: string | null;
  readonly headers?: readonly (readonly [string, string])[];
  /** A body to send as it is; its type goes into `headers`. Default: what the contract requires, if anything. */
  readonly body?: string | Uint8Array;
  readonly method?: string;
}

/** Writes the request for one call of an operation. `label` seeds the values that nobody gave. */
export function requestOf(
  operation: OperationModel,
  { params = {}, rawParams = {}, token, headers = [], body, method }: CallOptions,
  prefix: string,
  label: string,
): WireRequest {
  const segmentOf = (name: string): string | undefined => {
    if (rawParams[name] !== undefined) return rawParams[name];
    const parameter = operation.parameters.find((one) => one.name === name);
    const value =
      params[name] ?? (parameter?.required ? unguessableValue(parameter, label) : undefined);
    return value === undefined ? undefined : encodeURIComponent(value);
  };
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => segmentOf(name) ?? '');
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => ({ name, value: segmentOf(name) }))
    .filter(({ value }) => value !== undefined)
    .map(({ name, value }) => `${encodeURIComponent(name)}=${value}`)
    .join('&');

  const sent: (readonly [string, string])[] = [];
  if (token && operation.tokenHeader) sent.push([operation.tokenHeader, token]);
  for (const parameter of operation.parameters.filter((one) => one.in === 'header')) {
    const value = params[parameter.name] ?? (parameter.required ? parameter.example : undefined);
    if (value !== undefined) sent.push([parameter.name, value]);
  }
  let content = body;
  if (content === undefined && operation.body?.required) {
    content = JSON.stringify(operation.body.examples[0] ?? {});
    sent.push(['Content-Type', operation.body.mediaType]);
  }
  return {
    method: method ?? operation.method,
    target: `${prefix}${path}${query === '' ? '' : `?${query}`}`,
    headers: [...sent, ...headers],
    body: content,
  };
}
