/** The element with this id, which the page is known to have. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as T;
}

/** Makes an element. What it shows is text, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Says how something went, to eyes and to screen readers. */
export function say(id: string, text: string, kind: 'good' | 'bad' = 'good'): void {
  const element = byId(id);
  element.dataset.kind = kind;
  element.textContent = text;
}

/** Copies text; where the browser refuses that, shows it to be copied by hand. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    prompt('The browser does not let this page copy. Copy this:', text);
    return false;
  }
}
