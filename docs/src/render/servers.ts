import type { Server } from '@sql-sessions/contract/model';
import { type Html, html } from './html.ts';
import { description } from './markdown.ts';

/** Base URLs with their variables. */
export function baseUrls(servers: readonly Server[]): Html {
  return html`<ul class="fields" aria-label="Base URLs">${servers.map(
    ({ url, variables, description: text }) =>
      html`<li class="field"><p class="field-head"><code class="field-name">${url}</code></p>
<div class="prose small">${description(text)}${variables.map(
        (variable) =>
          html`<p><code>${variable.name}</code>:${variable.enum.length > 0 && html` One of ${variable.enum.join(', ')}.`} Default: <code>${variable.default}</code></p>${description(variable.description)}`,
      )}</div></li>`,
  )}</ul>`;
}
