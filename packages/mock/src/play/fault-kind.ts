/** Ways not to get a proper answer: the connection is reset, nothing comes, half of it comes, a gateway's page. */
export type FaultKind = 'reset' | 'stall' | 'truncate' | 'html502';

export const FAULT_KINDS: readonly FaultKind[] = ['reset', 'stall', 'truncate', 'html502'];

export function isFaultKind(value: unknown): value is FaultKind {
  return (FAULT_KINDS as readonly unknown[]).includes(value);
}
