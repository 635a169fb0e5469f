import type { RecordedRequest } from './control.ts';
import { curlAgain } from './curl.ts';
import { byId, make } from './element.ts';

/** Requests that are shown; the list itself is kept by the mock. */
const SHOWN = 100;

export function showRequests(requests: RecordedRequest[]): void {
  byId('requests').replaceChildren();
  for (const request of requests.slice(-SHOWN)) addRequest(request);
  byId('empty').hidden = requests.length > 0;
}

export function addRequest(request: RecordedRequest): void {
  const list = byId('requests');
  byId('empty').hidden = true;
  const time = new Date(request.at).toLocaleTimeString([], { hour12: false });
  const copy = make('button', { type: 'button' }, 'Copy curl');
  copy.setAttribute('aria-label', `Copy curl of request ${request.id}`);
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(curlAgain(request));
    copy.textContent = 'Copied';
  });
  const notes = [time, `${request.tookMs} ms`];
  if (request.mockError !== null) notes.push(`mock error ${request.mockError}`);
  notes.push(...request.why);
  const status = request.fault ?? String(request.status ?? '—');
  list.prepend(
    make(
      'li',
      { class: 'request' },
      make('span', { class: 'badge', 'data-kind': kindOf(request) }, status),
      make('span', { class: 'target' }, `${request.method} ${request.target}`),
      make('span', { class: 'meta' }, notes.join(' · ')),
      copy,
    ),
  );
  while (list.childElementCount > SHOWN) list.lastElementChild?.remove();
}

function kindOf({ status, fault, mockError }: RecordedRequest): string {
  if (fault !== null || mockError !== null || status === null || status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return 'good';
}
