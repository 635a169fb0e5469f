import type { Result, UnexpectedResponse } from '@sql-sessions/client';
import type { Operation } from '@sql-sessions/contract/operations';
import type { SamplePart } from '../contract/samples.ts';

/** An answer, or a sentence about why there is none. */
export type Outcome = Result | { title: string; text: string };

export interface Circumstances {
  operation: Operation;
  /** What the contract calls a status; empty for one that it does not know. */
  phrase: (status: string) => string;
  /** From the press of the button to the end of the answer. */
  milliseconds: number;
}

/** Shows what came back, and returns it in one sentence for screen readers. All of it is set as text. */
export function showOutcome(
  target: HTMLElement,
  outcome: Outcome,
  { operation, phrase, milliseconds }: Circumstances,
): string {
  if ('title' in outcome) {
    target.replaceChildren(
      element('p', { className: 'status kind-5' }, element('b', {}, outcome.title)),
      element('p', {}, outcome.text),
    );
    return `${outcome.title}. ${outcome.text}`;
  }
  const status = String(outcome.httpStatus);
  const documented = status in operation.responses;
  const known = phrase(status);
  const name = [element('b', {}, status), ...(known ? [' ', element('span', {}, known)] : [])];
  const body = 'snippet' in outcome ? outcome.snippet : toText(outcome.body);
  const link = element('a', { href: `#${operation.id}-${status}` }, `What ${status} means`);
  target.replaceChildren(
    element(
      'p',
      {},
      element('span', { className: `status kind-${status.charAt(0)}` }, ...name),
      ' ',
      element('span', { className: 'quiet' }, `${Math.round(milliseconds)} ms`),
      ' ',
      ...(documented ? [link] : []),
    ),
    ...('reason' in outcome ? [element('p', {}, DEPARTURES[outcome.reason])] : []),
    element('h4', {}, 'Headers'),
    code(
      'Headers of the answer',
      Object.entries(outcome.headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n') || 'The server lets pages read none.',
    ),
    element('h4', {}, 'Body'),
    code('Body of the answer', body || withoutBody(outcome.headers)),
  );
  return `The answer is ${status}.`;
}

/** What is not as the contract says, for readers. */
const DEPARTURES: Record<UnexpectedResponse['reason'], string> = {
  status: 'This status is not in the contract.',
  'content-type': 'The body is of another type than the contract documents.',
  'empty-body': 'The contract documents a body, and there is none.',
  'invalid-body': 'The body is not what the contract documents.',
  'incomplete-body': 'The body broke off before its end.',
  'too-large': 'The body is too long to be what the contract documents.',
};

/** A success needs no body; what was announced and did not come is worth a word all the same. */
function withoutBody(headers: Readonly<Record<string, string>>): string {
  return Number(headers['content-length'] ?? 0) > 0 ? 'The body could not be read.' : 'No body.';
}

/** Replaces a sample by one with the reader's values. */
export function showSample(target: Element | null | undefined, parts: readonly SamplePart[]): void {
  target?.replaceChildren(
    ...parts.map(({ kind, text }) =>
      kind === 'plain' ? text : element('span', { className: `hljs-${kind}` }, text),
    ),
  );
  trimEnd(target);
}

function trimEnd(target: Element | null | undefined): void {
  const last = target?.lastChild;
  if (last?.nodeType === Node.TEXT_NODE)
    last.textContent = last.textContent?.replace(/\n$/, '') ?? '';
}

function toText(body: unknown): string {
  return body === undefined ? '' : JSON.stringify(body, null, 2);
}

function code(label: string, text: string): HTMLElement {
  const pre = element('pre', { tabIndex: 0 }, element('code', {}, text));
  pre.setAttribute('role', 'region');
  pre.setAttribute('aria-label', label);
  return element('div', { className: 'code' }, pre);
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
