import { layOut } from '../request/lay-out.ts';

/** What came back over the wire. */
export interface Received {
  status: number;
  headers: [string, string][];
  body: Uint8Array;
  /** From the press of the button to the end of the response. */
  milliseconds: number;
}

/** Characters of a body that are shown; the rest can be saved. */
const SHOWN = 50_000;

/** Shows a response, and returns it in one sentence for screen readers. All of it is set as text. */
export function showResponse(
  place: HTMLElement,
  { status, headers, body, milliseconds }: Received,
  documented: { phrase: string; href: string } | undefined,
): string {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const text = decode(body, type);
  const shown = layOut(text, type).slice(0, SHOWN);
  const badge = element('span', { className: `status kind-${String(status).charAt(0)}` });
  badge.append(element('b', { textContent: String(status) }), ` ${documented?.phrase ?? ''}`);
  const line = element('p', {});
  line.append(
    badge,
    ' ',
    element('span', {
      className: 'quiet',
      textContent: `${Math.round(milliseconds)} ms, ${body.byteLength} bytes `,
    }),
  );
  if (documented)
    line.append(element('a', { href: documented.href, textContent: `What ${status} means` }));
  place.replaceChildren(
    line,
    ...(documented
      ? []
      : [
          element('p', {
            textContent: 'This contract does not document the status for this operation.',
          }),
        ]),
    element('p', { className: 'part', textContent: 'Headers' }),
    code(
      headers.map(([name, value]) => `${name}: ${value}`).join('\n') ||
        'The server lets pages read none.',
    ),
    element('p', { className: 'part', textContent: 'Body' }),
    code(body.byteLength === 0 ? 'No body.' : shown),
  );
  if (body.byteLength > 0) {
    const save = element('a', {
      download: 'response',
      textContent: shown.length < SHOWN ? 'Save the body' : 'Save the whole body',
    });
    save.href = URL.createObjectURL(new Blob([body as Uint8Array<ArrayBuffer>], { type }));
    place.append(save);
  }
  return `The response is ${status} ${documented?.phrase ?? ''}.`;
}

/** In the charset that the type names, if it is one. */
function decode(body: Uint8Array, type: string): string {
  const [, charset = 'utf-8'] = /charset="?([^\s;"]+)/i.exec(type) ?? [];
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

/** Shows a sentence in place of a response, and returns it. */
export function showFinding(place: HTMLElement, title: string, text: string): string {
  const head = element('p', { className: 'status kind-5' });
  head.append(element('b', { textContent: title }));
  place.replaceChildren(head, element('p', { textContent: text }));
  return `${title}. ${text}`;
}

function code(text: string): HTMLElement {
  const block = element('div', { className: 'code' });
  const pre = element('pre', {});
  pre.append(element('code', { textContent: text }));
  block.append(pre);
  return block;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties);
}
