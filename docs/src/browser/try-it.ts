import type { BodyPart } from '@sql-sessions/contract/model';
import { toClient } from '../request/client-sample.ts';
import { type FilledRequest, fillIn, type Problem } from '../request/fill-in.ts';
import { PLACEHOLDER, type RequestForm, type RequestValues } from '../request/request-form.ts';
import { LANGUAGES } from '../request/samples.ts';
import { diagnose, warning } from './diagnose.ts';
import { keep, readForm, restore } from './read-form.ts';
import { showFinding, showResponse } from './show-response.ts';

/** Milliseconds that a response may take. */
const PATIENCE = 30_000;

/** Makes a panel work: it sends the request, as it is filled in, from the browser. */
export function tryIt(form: HTMLFormElement): void {
  const section = form.closest('section');
  const result = section?.querySelector<HTMLElement>('[data-result]');
  const said = section?.querySelector('[data-said]');
  const wrong = section?.querySelector('[data-wrong]');
  if (!section || !result || !said || !wrong) return;
  const request = JSON.parse(form.dataset.form ?? '{}') as RequestForm;
  const samples = section.closest('.operation')?.querySelector('.samples');
  const notes = new Map<string, string>();
  let running: AbortController | null = null;

  const showSamples = () => {
    const values = readForm(form, request);
    const shown = { ...values, credentials: hidden(values.credentials) };
    const made = fillIn(request, shown);
    if (made.problems.some(({ field }) => field === 'baseUrl')) return;
    const codes = LANGUAGES.map(({ id, print }) => [id, print(made.request)] as const);
    for (const [id, code] of [...codes, ['client', toClient(request, shown)] as const]) {
      const place = samples?.querySelector(`[data-sample="${id}"] code`);
      if (place) place.textContent = code.replace(/\n$/, '');
    }
  };
  const showNeeded = () => {
    const { security, body } = readForm(form, request);
    const needed = request.security[security]?.map(({ scheme }) => `credential:${scheme}`) ?? [];
    if (body) needed.push('body');
    for (const field of form.querySelectorAll('[name^="credential:"], [name="body"]')) {
      const row = field.parentElement;
      if (row) row.hidden = !needed.includes(field.getAttribute('name') ?? '');
    }
  };
  const mark = (problems: readonly Problem[]) => {
    for (const field of form.querySelectorAll('[aria-invalid]')) {
      field.removeAttribute('aria-invalid');
      note(field, null);
    }
    for (const { field, message } of problems) {
      const input = form.elements.namedItem(field);
      if (!(input instanceof HTMLElement)) continue;
      input.setAttribute('aria-invalid', 'true');
      note(input, message);
    }
    wrong.textContent = problems.length > 0 ? `Nothing was sent. ${problems[0]?.message}` : '';
    form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  };
  const note = (field: Element, message: string | null) => {
    const place = document.getElementById(field.getAttribute('aria-describedby') ?? '');
    if (!place) return;
    const before = notes.get(place.id) ?? place.textContent ?? '';
    notes.set(place.id, before);
    place.textContent = message ?? before;
    place.classList.toggle('wrong', message !== null);
  };
  const warn = async () => {
    const input = form.elements.namedItem('baseUrl');
    if (!(input instanceof HTMLInputElement)) return;
    const text = await warning(input.value);
    if (!input.hasAttribute('aria-invalid')) note(input, text);
  };

  if (restore(form)) showSamples();
  showNeeded();
  warn();
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLSelectElement && target.name === 'bodyType') {
      const body = form.elements.namedItem('body');
      const example = request.bodies[Number(target.value)]?.example;
      if (body instanceof HTMLTextAreaElement && example !== undefined) body.value = example;
    }
    if (form.querySelector('[aria-invalid]')) mark([]);
    keep(form);
    showNeeded();
    showSamples();
    warn();
  });
  form.querySelector('[data-cancel]')?.addEventListener('click', () => running?.abort('cancelled'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    running?.abort('replaced');
    const values = readForm(form, request);
    const made = fillIn(request, values);
    const ready = made.problems.length > 0 ? made.problems : toRequest(made.request);
    mark(ready instanceof Request ? [] : ready);
    if (!(ready instanceof Request)) return;
    const controller = new AbortController();
    running = controller;
    said.textContent = 'Sending the request.';
    result.setAttribute('aria-busy', 'true');
    const text = await send(ready, controller.signal, values, result);
    if (running !== controller) return;
    running = null;
    result.removeAttribute('aria-busy');
    said.textContent = text;
  });

  async function send(
    ready: Request,
    stopped: AbortSignal,
    { baseUrl }: RequestValues,
    place: HTMLElement,
  ): Promise<string> {
    const began = performance.now();
    let response: Response | undefined;
    try {
      response = await fetch(ready, {
        signal: AbortSignal.any([stopped, AbortSignal.timeout(PATIENCE)]),
      });
      if (response.type === 'opaqueredirect') {
        return showFinding(
          place,
          'Redirect',
          'The server redirects, which is not followed, and a page may not see where to. The curl sample shows it.',
        );
      }
      const content = new Uint8Array(await response.arrayBuffer());
      const { status } = response;
      const milliseconds = performance.now() - began;
      return showResponse(
        place,
        { status, headers: [...response.headers], body: content, milliseconds },
        documented(status),
      );
    } catch (error) {
      if (stopped.aborted) {
        return showFinding(
          place,
          'Cancelled',
          'The request was ended here. The server may have acted on it.',
        );
      }
      if (error instanceof DOMException && error.name === 'TimeoutError') {
        return showFinding(
          place,
          'Timeout',
          `There was no response within ${PATIENCE / 1000} seconds. The server may have acted on the request.`,
        );
      }
      if (response) {
        return showFinding(
          place,
          'The response broke off',
          `The response (status ${response.status}) broke off, or its encoding is not what it says. The curl sample shows what came.`,
        );
      }
      const { title, text } = await diagnose(baseUrl);
      return showFinding(place, title, text);
    }
  }

  function documented(status: number): { phrase: string; href: string } | undefined {
    const link = section
      ?.closest('.operation')
      ?.querySelector<HTMLAnchorElement>(`.statuses a[href$="-${status}"]`);
    return link
      ? { phrase: link.querySelector('span')?.textContent ?? '', href: link.hash }
      : undefined;
  }

  form.dataset.ready = 'true';
}

/** Samples never show what was typed as a credential. */
function hidden(credentials: RequestValues['credentials']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials).map(([scheme, value]) => [scheme, value === '' ? '' : PLACEHOLDER]),
  );
}

/** The request, or why a browser sends none like it. */
function toRequest({ method, url, headers, body }: FilledRequest): Request | Problem[] {
  try {
    return new Request(url, {
      method,
      headers: headers
        .filter(([name]) => name !== 'Cookie' && !(body?.parts && name === 'Content-Type'))
        .map(([name, value]) => [name, value]),
      body: body?.parts ? toFormData(body.parts) : (body?.text ?? null),
      credentials: 'omit',
      // Another server must not get the token.
      redirect: 'manual',
    });
  } catch (error) {
    const message = `The browser refuses it: ${(error as Error).message} The curl sample can.`;
    return [{ field: body ? 'body' : 'baseUrl', message }];
  }
}

function toFormData(parts: readonly BodyPart[]): FormData {
  const data = new FormData();
  for (const { name, value, contentType, fileName } of parts) {
    if (contentType === '' && fileName === '') data.append(name, `${value}`);
    else data.append(name, new Blob([`${value}`], { type: contentType }), fileName || 'blob');
  }
  return data;
}
