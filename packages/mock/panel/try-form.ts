import { curlOf } from '../src/http/curl.ts';
import { base, type Operation } from './control.ts';
import { byId, copy, say } from './element.ts';

let shown: Operation | undefined;

/** Shows a request of an operation, to be changed and sent. */
export function showTry(operation: Operation | undefined): void {
  if (operation && JSON.stringify(operation) !== JSON.stringify(shown)) {
    const { target, headers, body } = operation.example;
    byId<HTMLInputElement>('try-target').value = target;
    byId<HTMLTextAreaElement>('try-headers').value = Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
    byId<HTMLTextAreaElement>('try-body').value = body ?? '';
  }
  shown = operation;
  showCurl();
}

export function showCurl(): void {
  byId('curl').textContent = shown ? curlOf(base, written(shown)) : '';
}

export async function copyCurl(): Promise<void> {
  if (await copy(byId('curl').textContent ?? '')) say('try-message', 'Copied.');
}

export async function send(): Promise<void> {
  if (!shown) return;
  const { method, target, headers, body } = written(shown);
  say('try-message', 'Sent, waiting for the response.');
  try {
    const response = await fetch(base + target, {
      method,
      headers,
      ...(body !== null && method !== 'GET' && method !== 'HEAD' && { body }),
    });
    await response.text();
    say('try-message', `Responded ${response.status}.`);
  } catch {
    say('try-message', 'There was no proper response: the connection was broken.', 'bad');
  }
}

/** The request as it stands in the form. */
function written({ method }: Operation) {
  const lines = byId<HTMLTextAreaElement>('try-headers').value.split('\n');
  const headers = lines.flatMap((line) => {
    const at = line.indexOf(':');
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
  });
  const body = byId<HTMLTextAreaElement>('try-body').value;
  return {
    method,
    target: byId<HTMLInputElement>('try-target').value,
    headers: Object.fromEntries(headers),
    body: body === '' ? null : body,
  };
}
