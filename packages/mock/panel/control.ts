import type { ControlSchemas } from '../dist/control-api.js';

export type State = ControlSchemas['State'];
export type Operation = ControlSchemas['Operation'];
export type Scenario = ControlSchemas['Scenario'];
export type RecordedRequest = ControlSchemas['RecordedRequest'];

/** Where the calls of the contract go: the panel may be behind a prefix, and in a space. */
export const base = new URL('..', location.href).href.replace(/\/$/, '');

/** Calls the control API; rejects with what it says was wrong. */
export async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`.${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (response.ok) return response.status === 204 ? undefined : response.json();
  const { detail } = (await response.json()) as { detail: string };
  throw new Error(detail);
}
