import { keyOf, type RequestForm, type RequestValues } from '../request/request-form.ts';

/** What the reader has filled in. */
export function readForm(form: HTMLFormElement, request: RequestForm): RequestValues {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '');
  const bodyType = text('bodyType');
  const schemes = request.security
    .flat()
    .map(({ scheme }) => [scheme, text(`credential:${scheme}`).trim()]);
  return {
    baseUrl: text('baseUrl').trim(),
    parameters: Object.fromEntries(
      request.parameters.map((each) => [keyOf(each), text(keyOf(each))]),
    ),
    security: Number(text('security') || chosen(request, Object.fromEntries(schemes))),
    credentials: Object.fromEntries(schemes),
    body: bodyType === '' ? undefined : { index: Number(bodyType), text: text('body') },
    status: text('status') || undefined,
  };
}

/** Without a choice: the first way whose credentials are there. */
function chosen({ security }: RequestForm, credentials: Record<string, string>): number {
  return Math.max(
    0,
    security.findIndex((all) => all.every(({ scheme }) => credentials[scheme])),
  );
}

const KEY = 'try';

/** Base URL and values are kept for the tab, by their names, so that other operations have them too; never a token. */
export function keep(form: HTMLFormElement): void {
  const values = restored();
  for (const field of fields(form)) values[field.name] = field.value;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // Then they last for this page.
  }
}

/** Returns whether that changed anything. */
export function restore(form: HTMLFormElement): boolean {
  const values = restored();
  let changed = false;
  for (const field of fields(form)) {
    const value = values[field.name] ?? field.value;
    if (value !== field.value) changed = true;
    field.value = value;
  }
  return changed;
}

function fields(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>('input:not([type="password"])')];
}

function restored(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}
