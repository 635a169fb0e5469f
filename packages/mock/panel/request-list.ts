import { curlOf } from '../src/http/curl.ts';
import { base, type RecordedRequest } from './control.ts';
import { byId, copy, make } from './element.ts';

/** Requests that are shown; the list itself is kept by the mock. */
const SHOWN = 100;

export function showRequests(requests: RecordedRequest[]): void {
  byId('requests').replaceChildren();
  for (const request of requests.slice(-SHOWN)) addRequest(request);
  byId('empty').hidden = requests.length > 0;
}

export function addRequest(request: RecordedRequest): void {
  const list = byId('requests');
  // It may have been in the list that was loaded meanwhile.
  if (list.querySelector(`[data-id="${request.id}"]`)) return;
  byId('empty').hidden = true;
  const time = new Date(request.at).toLocaleTimeString([], { hour12: false });
  const button = make('button', { type: 'button' }, 'Copy curl');
  button.setAttribute('aria-label', `Copy curl of request ${request.id}`);
  button.addEventListener('click', async () => {
    if (await copy(curlOf(base, request))) button.textContent = 'Copied';
  });
  const notes = [time, `${request.durationMs} ms`];
  if (request.mockError !== null) notes.push(`mock error ${request.mockError}`);
  notes.push(...request.reasons);
  const status = request.fault ?? String(request.status ?? '—');
  list.prepend(
    make(
      'li',
      { class: 'request', 'data-id': `${request.id}` },
      make('span', { class: 'badge', 'data-kind': kindOf(request) }, status),
      make('span', { class: 'target' }, `${request.method} ${request.target}`),
      make('span', { class: 'meta' }, notes.join(' · ')),
      button,
      details(request),
    ),
  );
  while (list.childElementCount > SHOWN) list.lastElementChild?.remove();
}

/** What was sent and what was responded, written when it is opened. */
function details({ id, headers, body, response }: RecordedRequest): HTMLElement {
  const summary = make('summary', {}, 'Headers and bodies');
  summary.setAttribute('aria-label', `Headers and bodies of request ${id}`);
  const opened = make('details', { class: 'details' }, summary);
  opened.addEventListener('toggle', () => {
    if (opened.childElementCount > 1) return;
    opened.append(message('Request', headers, body));
    if (response) opened.append(message('Response', response.headers, response.body));
  });
  return opened;
}

function message(title: string, headers: Record<string, string>, body: string | null): HTMLElement {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const text = [...lines, ...(body === null ? [] : ['', body])].join('\n');
  return make('div', {}, make('h3', {}, title), make('pre', { tabindex: '0' }, text));
}

function kindOf({ status, fault, mockError }: RecordedRequest): string {
  if (fault !== null || mockError !== null || status === null || status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return 'good';
}
