import { control, type Operation, type Scenario, type State } from './control.ts';
import { byId, make, say } from './element.ts';

const FAULTS = {
  reset: 'connection reset',
  stall: 'no response',
  truncate: 'half a response',
  html502: 'a gateway page',
};

let operations: Operation[] = [];

export function chosenOperation(): Operation | undefined {
  const id = byId<HTMLSelectElement>('operation').value;
  return operations.find((operation) => operation.id === id) ?? operations[0];
}

/** Fills the form from the contract; what is chosen stays chosen where it can. */
export function showOperations(next: Operation[]): void {
  if (JSON.stringify(next) === JSON.stringify(operations)) return;
  operations = next;
  const select = byId<HTMLSelectElement>('operation');
  const before = select.value;
  select.replaceChildren(
    ...operations.map(({ id, summary }) => make('option', { value: id }, summary || id)),
  );
  if (operations.some(({ id }) => id === before)) select.value = before;
  byId('operation-field').hidden = operations.length < 2;
  showChoices();
}

export function showChoices(): void {
  const operation = chosenOperation();
  if (!operation) return;
  const responses = operation.responses.map(({ status, reasonPhrase, description }) =>
    choice(statusOf(status), status, reasonPhrase ?? shorten(description)),
  );
  const faults = Object.entries(FAULTS).map(([fault, words]) => choice(fault, fault, words));
  byId('choices').replaceChildren(...responses, ...faults);
  const first = byId('choices').querySelector('input');
  if (first) first.checked = true;
  byId('param-name').textContent = paramOf(operation) ?? 'one id';
  byId<HTMLInputElement>('param').disabled = paramOf(operation) === undefined;
  showExamples();
}

export function showExamples(): void {
  const value = chosenStep();
  const response = chosenOperation()?.responses.find(({ status }) => statusOf(status) === value);
  const examples = response?.examples ?? [];
  byId('example-field').hidden = examples.length < 2;
  byId('example').replaceChildren(...examples.map((name) => make('option', { value: name }, name)));
}

export function showScenarios(scenarios: State['scenarios']): void {
  const texts = scenarios.map(describe);
  byId('now').textContent = texts.length > 0 ? texts.join('; ') : 'the default response';
}

export async function setScenario(): Promise<void> {
  const operation = chosenOperation();
  const only = byId<HTMLInputElement>('param').value.trim();
  const name = operation && paramOf(operation);
  try {
    await control('PUT', '/scenario', {
      ...readSteps(),
      ...(operation && operations.length > 1 && { operation: operation.id }),
      ...(only !== '' && name !== undefined && { params: { [name]: only } }),
    });
    say('scenario-message', 'Set, from the next call on.');
  } catch (error) {
    say('scenario-message', String(error instanceof Error ? error.message : error), 'bad');
  }
}

function readSteps() {
  const sequence = byId<HTMLInputElement>('sequence').value.trim();
  if (sequence !== '') return { steps: sequence.split(',').map((step) => step.trim()) };
  const value = chosenStep();
  const example = byId<HTMLSelectElement>('example').value;
  const several = !byId('example-field').hidden;
  const step = several ? `${value}:${example}` : value;
  const span = byId<HTMLSelectElement>('span').value;
  if (span === 'every') return { steps: [step] };
  return { steps: new Array<string>(Number(span)).fill(step), after: 'normal' };
}

function chosenStep(): string {
  return byId('choices').querySelector<HTMLInputElement>('input:checked')?.value ?? '';
}

/** A status that can be asked for: of a range the first, of the default response one that nothing else documents. */
function statusOf(status: string): string {
  return status === 'default' ? '500' : status.replace('XX', '00');
}

function choice(value: string, title: string, words: string): HTMLElement {
  return make(
    'label',
    { class: 'choice' },
    make('input', { type: 'radio', name: 'response', value }),
    make('span', {}, make('b', {}, title), make('small', {}, words)),
  );
}

/** The parameter that one would pick a single thing by: the last one of the path. */
function paramOf({ path }: Operation): string | undefined {
  return [...path.matchAll(/\{([^}]+)\}/g)].at(-1)?.[1];
}

/** The words before the first colon or full stop, which have to do where no reason phrase is stated. */
function shorten(description: string): string {
  const [words = ''] = description.replaceAll('`', '').split(/[:.](?=\s|$)/);
  return words.length > 32 ? `${words.slice(0, 31)}…` : words;
}

function describe({ steps, after, taken, operation, params }: Scenario): string {
  const names = steps.map((step) =>
    'fault' in step ? step.fault : step.status + (step.example ? ` (${step.example})` : ''),
  );
  const left = Math.max(steps.length - taken, 0);
  if (after === 'normal' && left === 0) return 'the default response';
  const same = new Set(names).size === 1;
  const what =
    after === 'normal' && same
      ? `${names[0]} for the next ${left === 1 ? 'call' : `${left} calls`}`
      : names.length === 1
        ? `${names[0]} for every call`
        : `${names.join(', ')} (${Math.min(taken, steps.length)} of ${steps.length} taken)`;
  const targets = [
    operation,
    ...Object.entries(params ?? {}).map(([key, value]) => `${key} ${value}`),
  ];
  const only = targets.filter((target) => target !== undefined);
  return only.length > 0 ? `${what}, only ${only.join(', ')}` : what;
}
