import type { Operation, ReferenceModel } from '../contract/reference-model.ts';
import { MOCK_ADDRESS } from '../contract/samples.ts';
import { anchors } from './anchors.ts';
import { type Html, html } from './html.ts';
import { tokenHeader } from './operation.ts';

/**
 * The panel that sends the request. All of it is in the page from the start, so nothing moves when its script
 * comes; without JavaScript one sentence stands in its place.
 */
export function tryIt(operation: Operation, model: ReferenceModel): Html {
  const id = anchors.section(operation.id, 'try');
  const input = (name: string) => `${id}-${name}`;
  const header = tokenHeader(model);
  return html`<section class="try" aria-labelledby="${id}">
<h3 id="${id}">Try it <a class="anchor" href="#${id}" aria-label="Link to try it">#</a></h3>
<noscript><p class="quiet">The panel that sends this request needs JavaScript. The commands above do the same.</p></noscript>
<form class="js-only" data-try="${operation.id}" data-token-header="${header}" autocomplete="off" novalidate>
<p class="try-field"><label for="${input('address')}">Address</label>
<input id="${input('address')}" name="address" type="url" inputmode="url" spellcheck="false" value="${MOCK_ADDRESS}" aria-describedby="${input('address')}-note">
<span class="note" id="${input('address')}-note">The local mock. A real service really performs the call.</span></p>
${operation.parameters.map(
  ({
    name,
    required,
    example,
    limits,
  }) => html`<p class="try-field"><label for="${input(name)}"><code>${name}</code>${!required && ' (optional)'}</label>
<input id="${input(name)}" name="parameter:${name}" type="text" spellcheck="false" autocapitalize="off" value="${required ? example : ''}" aria-describedby="${input(name)}-note">
<span class="note" id="${input(name)}-note">${limits.join(', ')}</span></p>`,
)}
${
  operation.body?.required &&
  html`<p class="try-field"><label for="${input('body')}">Body</label>
<textarea id="${input('body')}" name="body" rows="6" spellcheck="false">${JSON.stringify(operation.body.examples[0]?.value ?? {}, null, 2)}</textarea></p>`
}
<p class="try-field"><label for="${input('token')}">Token <span class="quiet">(<code>${header}</code>)</span></label>
<input id="${input('token')}" name="token" type="password" spellcheck="false" autocomplete="off" placeholder="none" aria-describedby="${input('token')}-note">
<span class="note" id="${input('token')}-note">Kept in memory, sent to the address above and nowhere else.</span></p>
<p class="try-field"><label for="${input('answer')}">Answer</label>
<select id="${input('answer')}" name="answer" aria-describedby="${input('answer')}-note"><option value="">As the server decides</option>${operation.answers.map(
    ({ status, phrase }) =>
      html`<option value="${status}" data-phrase="${phrase}">${status} ${phrase}</option>`,
  )}</select>
<span class="note" id="${input('answer')}-note">The mock answers with the status you pick. Other servers ignore it.</span></p>
<p class="try-send"><button type="submit" class="primary">Send ${operation.method}</button> <button type="button" class="quiet-button" data-cancel disabled>Cancel</button></p>
</form>
<div class="try-result js-only" role="region" aria-label="Answer" tabindex="-1" data-result><p class="quiet">The answer appears here.</p></div>
<p class="visually-hidden" role="status" data-said></p>
</section>`;
}
