import type { Operation } from '@sql-sessions/contract/model';
import { phraseOf } from '../contract/statuses.ts';
import { type FormParameter, keyOf, MOCK_URL, type RequestForm } from '../request/request-form.ts';
import { anchors, ownIds } from './anchors.ts';
import { heading } from './headings.ts';
import { type Content, type Html, html, raw } from './html.ts';

/**
 * The panel that sends the request. All of it is in the page from the start, so nothing moves when its script
 * comes; without JavaScript one sentence stands in its place.
 */
export function tryIt(operation: Operation, form: RequestForm, level: number): Html {
  const id = anchors.section(operation.id, 'try');
  const own = ownIds();
  const field = (
    name: string,
    label: Content,
    control: (attributes: Html) => Html,
    note: Content = null,
    needed = true,
  ) => {
    const at = own(`${id}-${name.replaceAll(/[^\w-]+/g, '-')}`);
    const attributes = html` id="${at}" name="${name}" aria-describedby="${at}-note"`;
    return html`<p class="try-field"${!needed && raw(' hidden')}><label for="${at}">${label}</label>${control(attributes)}<span class="note" id="${at}-note">${note}</span></p>`;
  };
  const input =
    (value: string, more: Content = null) =>
    (attributes: Html) =>
      html`<input${attributes} value="${value}" autocomplete="off" spellcheck="false"${more}>`;
  const select =
    (options: readonly (readonly [value: string, label: string])[], chosen = '') =>
    (attributes: Html) =>
      html`<select${attributes}>${options.map(([value, label]) => html`<option value="${value}"${value === chosen && raw(' selected')}>${label}</option>`)}</select>`;
  const schemes = new Map(
    form.security.flat().map((credential) => [credential.scheme, credential]),
  );
  const statuses = operation.responses.filter(({ status }) => /^\d+$/.test(status));
  return html`<section class="try">
${heading(level, id, 'Try it')}
<noscript><p>With JavaScript, a form here sends this request from your browser.</p></noscript>
<div class="columns js-only">
<form data-try="${form.id}" data-form="${JSON.stringify(form)}" novalidate>
${field('baseUrl', 'Base URL', input(MOCK_URL, raw(' type="url" inputmode="url"')), 'The mock, until you put another one here.')}
${form.parameters.map((parameter) => field(keyOf(parameter), labelOf(parameter), control(parameter), noteOf(parameter)))}
${form.security.length > 1 && field('security', 'Authentication', select(form.security.map((credentials, index) => [`${index}`, credentials.map(({ scheme }) => scheme).join(' and ') || 'None'])))}
${[...schemes.values()].map(({ scheme, name, in: place, basic }) =>
  field(
    `credential:${scheme}`,
    html`${scheme} <span class="quiet">${name} in ${place}</span>`,
    input('', raw(' type="password"')),
    basic ? 'Written as user:password. It is not kept.' : 'It is not kept.',
    form.security[0]?.some((credential) => credential.scheme === scheme),
  ),
)}
${
  form.bodies.length > 0 &&
  html`${field(
    'bodyType',
    'Request body',
    select(
      [
        ...(form.bodyRequired ? [] : [['', 'None'] as const]),
        ...form.bodies.map(({ mediaType }, index) => [`${index}`, mediaType] as const),
      ],
      form.bodyRequired ? '0' : '',
    ),
  )}${field(
    'body',
    'Content of the body',
    (attributes) =>
      html`<textarea${attributes} rows="6" spellcheck="false">${form.bodies[0]?.example}</textarea>`,
    form.bodies.some(({ kind }) => kind === 'urlencoded' || kind === 'multipart') &&
      'The fields of a form are written as a JSON object.',
    form.bodyRequired,
  )}`
}
${field('status', 'Response', select([['', 'As the server decides'], ...statuses.map((response): [string, string] => [response.status, `${response.status} ${phraseOf(response)}`])]), 'The mock responds with the status you pick. Other servers ignore it.')}
<p class="try-send"><button type="submit" class="primary">Send ${form.method}</button> <button type="button" class="quiet-button" data-cancel>Cancel</button></p>
<p class="note wrong" role="alert" data-wrong></p>
</form>
<div class="try-result" tabindex="-1" data-result><p class="quiet">The response appears here.</p></div>
<p class="visually-hidden" role="status" data-said></p>
</div>
</section>`;

  function control({ required, options, example }: FormParameter): (attributes: Html) => Html {
    if (options.length === 0) return input(example, required && raw(' aria-required="true"'));
    const all = options.map((option) => [option, option] as const);
    // What is empty is not sent, as in any other field.
    const some = all.filter(([option]) => option !== '');
    return select(required ? all : [['', 'Not sent'], ...some], example);
  }
}

function labelOf({ name, in: place, required }: FormParameter): Html {
  return html`<code>${name}</code> <span class="quiet">in ${place}${!required && ', optional'}</span>`;
}

function noteOf({ rule, kind, in: place }: FormParameter): string {
  const json = kind === 'text' ? '' : ', as JSON';
  const cookie = place === 'cookie' ? ' A page may not set cookies; the samples do.' : '';
  return `${rule.charAt(0).toUpperCase()}${rule.slice(1)}${json}.${cookie}`;
}
