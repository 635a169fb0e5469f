import { STATUS_CODES } from 'node:http';
import type { Response } from '@sql-sessions/contract/model';

const RANGES: Record<string, string> = {
  '1': 'Information',
  '2': 'Success',
  '3': 'Redirect',
  '4': 'Client error',
  '5': 'Server error',
};

/** The reason phrase that the contract states (`x-reason-phrase`), else the standard one. */
export function phraseOf({ status, reasonPhrase }: Response): string {
  if (reasonPhrase !== undefined) return reasonPhrase;
  if (status === 'default') return 'Any other status';
  return STATUS_CODES[status] ?? RANGES[status.charAt(0)] ?? '';
}

/** Success, client error or server error: the first digit of the status. */
export function kindOf({ status }: Pick<Response, 'status'>): string {
  return status === 'default' ? '5' : status.charAt(0);
}

/**
 * What a caller has to know of a failure: `x-outcome`, whether the operation was carried out, and `x-retry`, whether
 * to send the request again and after what. Both are Markdown; what the contract does not say is not said.
 */
export function adviceOf({ extensions }: Response): { label: string; text: string }[] {
  return [
    { label: 'Carried out?', text: extensions['x-outcome'] },
    { label: 'Retry?', text: extensions['x-retry'] },
  ].flatMap(({ label, text }) => (typeof text === 'string' ? [{ label, text }] : []));
}
