/** Ways not to get a proper response: the connection is reset, nothing comes, half of it comes, the page of a gateway. */
export type FaultKind = 'reset' | 'stall' | 'truncate' | 'html502';

export const FAULT_KINDS: readonly FaultKind[] = ['reset', 'stall', 'truncate', 'html502'];

export function isFaultKind(value: unknown): value is FaultKind {
  return (FAULT_KINDS as readonly unknown[]).includes(value);
}
