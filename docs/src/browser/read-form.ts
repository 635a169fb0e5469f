import type { Operation } from '@sql-sessions/contract/operations';
import type { SampleRequest } from '../contract/samples.ts';

/** What the reader has filled in: as arguments for the client, and as the request that the samples show. */
export function readForm(
  form: HTMLFormElement,
  operation: Operation,
): { sample: SampleRequest; token: string | undefined; args: Record<string, unknown> } {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '');
  const token = text('token').trim() || undefined;
  const values: Record<string, string | number | boolean> = {};
  for (const { name, required, type } of operation.parameters) {
    const value = text(`parameter:${name}`);
    if (value === '' && !required) continue;
    values[name] = typed(value, [type].flat());
  }
  const body = data.has('body') ? text('body') : undefined;
  return {
    token,
    args: { ...values, ...(body === undefined ? {} : { body: parse(body) }) },
    sample: {
      baseUrl: text('address').trim(),
      values,
      token: token !== undefined,
      answer: text('answer') || undefined,
      body,
    },
  };
}

function typed(value: string, types: readonly (string | undefined)[]): string | number | boolean {
  if ((types.includes('integer') || types.includes('number')) && value.trim() !== '') {
    return Number(value);
  }
  return types.includes('boolean') ? value === 'true' : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
