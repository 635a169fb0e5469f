import { createSessionsClient, RequestError } from '@sql-sessions/client';
import type { Operation } from '@sql-sessions/contract/operations';
import * as operations from '@sql-sessions/contract/operations';
import { toCurl, toTypeScript } from '../contract/samples.ts';
import { explainNoAnswer } from './explain-no-answer.ts';
import { readForm } from './read-form.ts';
import { type Outcome, showOutcome, showSample } from './show-outcome.ts';

type Call = (args: object, options: { signal: AbortSignal }) => Promise<Outcome>;

/** Makes a panel work: it sends the request with the client that applications use. */
export function tryIt(form: HTMLFormElement): void {
  const operation = (operations as Record<string, Operation>)[form.dataset.try ?? ''];
  const section = form.closest('section');
  const result = section?.querySelector<HTMLElement>('[data-result]');
  const said = section?.querySelector<HTMLElement>('[data-said]');
  const cancel = form.querySelector<HTMLButtonElement>('[data-cancel]');
  const send = form.querySelector<HTMLButtonElement>('[type="submit"]');
  if (!operation || !section || !result || !said || !cancel || !send) return;
  const samples = section.closest('.operation')?.querySelector('.request');
  let running: AbortController | null = null;

  const phrase = (status: string) =>
    form.querySelector(`[name="answer"] option[value="${status}"]`)?.getAttribute('data-phrase') ??
    '';
  const showRequest = () => {
    const { sample } = readForm(form, operation);
    const header = form.dataset.tokenHeader ?? '';
    showSample(
      samples?.querySelector('[data-sample="curl"] code'),
      toCurl(operation, sample, header),
    );
    showSample(
      samples?.querySelector('[data-sample="typescript"] code'),
      toTypeScript(operation, sample),
    );
  };
  const unmark = () => {
    for (const field of form.querySelectorAll('[aria-invalid]'))
      field.removeAttribute('aria-invalid');
  };
  const mark = (message: string) => {
    const name = operation.parameters.find((parameter) => message.includes(parameter.name))?.name;
    const field = name ? `parameter:${name}` : /baseUrl/.test(message) ? 'address' : 'token';
    const input = form.elements.namedItem(field);
    if (!(input instanceof HTMLElement)) return;
    input.setAttribute('aria-invalid', 'true');
    input.focus();
  };

  form.addEventListener('input', () => {
    unmark();
    showRequest();
  });
  cancel.addEventListener('click', () => running?.abort());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    running?.abort();
    const controller = new AbortController();
    running = controller;
    unmark();
    send.disabled = true;
    cancel.disabled = false;
    said.textContent = 'Sending the request.';
    result.setAttribute('aria-busy', 'true');
    const began = performance.now();
    const { sample, token, args } = readForm(form, operation);
    let outcome: Outcome;
    try {
      const client = createSessionsClient({
        baseUrl: sample.baseUrl,
        token,
        // One request for one press: what the server says is shown, not what became of it after repeats.
        maxAttempts: 1,
        timeout: 30_000,
        headers: sample.answer ? { Prefer: `code=${sample.answer}` } : {},
      });
      const call = client[operation.id] as Call;
      outcome = await call(args, { signal: controller.signal });
    } catch (error) {
      outcome = await explainNoAnswer(error, sample.baseUrl);
      if (error instanceof RequestError && error.kind === 'invalid-argument') mark(error.message);
    }
    send.disabled = false;
    cancel.disabled = true;
    running = null;
    result.removeAttribute('aria-busy');
    const milliseconds = performance.now() - began;
    said.textContent = showOutcome(result, outcome, { operation, phrase, milliseconds });
  });

  form.dataset.ready = 'true';
}
