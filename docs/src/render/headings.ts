import { type Content, type Html, html, raw } from './html.ts';

/** A heading that links to itself, so that its place can be copied; its name is its text alone. */
export function heading(level: number, id: string, content: Content, more: Content = null): Html {
  const tag = raw(`h${Math.min(6, level)}`);
  return html`<${tag} id="${id}"><a class="self" href="#${id}">${content}</a>${more}</${tag}>`;
}
