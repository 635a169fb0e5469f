import { allowsAnonymous, type Operation, type SecurityScheme } from '@sql-sessions/contract/model';
import { anchors } from './anchors.ts';
import type { OperationContext } from './context.ts';
import { fieldItem, fieldList } from './fields.ts';
import { heading } from './headings.ts';
import { type Html, html } from './html.ts';
import { description, safeLink } from './markdown.ts';

/** The ways to authenticate a call of an operation. */
export function authentication(
  operation: Operation,
  context: OperationContext,
  level: number,
): Html {
  const id = anchors.section(operation.id, 'authentication');
  const ways = operation.security.filter(({ schemes }) => schemes.length > 0);
  const optional = allowsAnonymous(operation);
  return html`<section>
${heading(level, id, 'Authentication')}
${
  ways.length === 0
    ? html`<p>None.</p>`
    : html`${ways.length > 1 && html`<p>One of these${optional && ', or none'}:</p>`}${fieldList(
        'Ways to authenticate',
        ways.map(({ schemes }) =>
          fieldItem({
            id: anchors.part(id, schemes.map(({ scheme }) => scheme.name).join('-')),
            name: schemes.map(({ scheme }) => scheme.credential?.name ?? scheme.type).join(' and '),
            type: schemes.map(
              ({ scheme }, index) =>
                html`${index > 0 && ' and '}${kind(scheme)}, <a href="${context.securityLink(scheme.name)}">${scheme.name}</a>`,
            ),
            // What holds for all of several ways is said above them.
            required: ways.length === 1 ? !optional : null,
            deprecated: false,
            facts: schemes.flatMap(({ scopes }) => scopes.map((scope) => `scope ${scope}`)),
            description: schemes
              .map(({ scheme }) => scheme.description)
              .join('\n\n')
              .trim(),
          }),
        ),
      )}`
}
</section>`;
}

function kind(scheme: SecurityScheme): string {
  const { type, httpScheme, bearerFormat, credential } = scheme;
  if (type === 'apiKey') return `key in ${credential?.in}`;
  if (type !== 'http') return type;
  return `${httpScheme} token${bearerFormat ? ` (${bearerFormat})` : ''}`.replace(
    'basic token',
    'user and password',
  );
}

/** The schemes that the contract declares. */
export function securitySchemes(schemes: readonly SecurityScheme[], level: number): Html | null {
  if (schemes.length === 0) return null;
  return html`${heading(level, 'security', 'Authentication')}
<ul class="fields" aria-label="Security schemes">${schemes.map((scheme) => {
    const flows = Object.entries(scheme.flows);
    return fieldItem({
      id: anchors.security(scheme.name),
      name: scheme.name,
      type: html`${kind(scheme)}${scheme.credential && html` <code>${scheme.credential.name}</code>`}`,
      required: null,
      deprecated: false,
      facts: flows.flatMap(([, { scopes }]) =>
        Object.keys(scopes).map((scope) => `scope ${scope}`),
      ),
      description: scheme.description,
      more: html`${scheme.openIdConnectUrl && html`<p class="small">${safeLink(scheme.openIdConnectUrl, 'OpenID Connect discovery')}</p>`}${flows.map(
        ([name, { authorizationUrl, tokenUrl, refreshUrl, scopes }]) =>
          html`<div class="small"><p>Flow ${name}:${[authorizationUrl, tokenUrl, refreshUrl].map(
            (url) => url && html` <code>${url}</code>`,
          )}</p>${Object.entries(scopes).map(([scope, text]) => description(`\`${scope}\`: ${text}`))}</div>`,
      )}`,
    });
  })}</ul>`;
}
