import type { Contract, Operation } from '@sql-sessions/contract/model';
import { anchors, ownIds, withOwnIds } from '../render/anchors.ts';
import type { OperationContext } from '../render/context.ts';
import { type Content, type Html, html } from '../render/html.ts';
import { renderOperation } from '../render/operation.ts';
import {
  about,
  groupsOf,
  operationHeadings,
  overview,
  schemas,
  webhooks,
} from '../render/reference.ts';
import type { Page } from './page.ts';
import { toMarkdown } from './to-markdown.ts';

export interface ReferenceOptions {
  /** Path of the reference: '' or 'versions/1.0.0/'. */
  path: string;
  contract: Contract;
  /** Status to its path in the error catalogue, from the top of the site. */
  catalogue: ReadonlyMap<string, string>;
  /** Whether this is the newest contract, the one that the client and the mock are made from. */
  newest: boolean;
}

/**
 * The pages of one version of the contract: a single one while it has a single operation, else an overview, a page
 * for each operation and one for the schemas.
 */
export function toReferencePages(options: ReferenceOptions): Page[] {
  const { contract, path } = options;
  const single = contract.operations.length === 1;
  const at = (
    place: string,
    main: (context: OperationContext, top: string) => Html,
    more: Omit<Page, 'path' | 'main' | 'markdown' | 'kind' | 'version'>,
  ): Page => {
    const page = path + place;
    const top = '../'.repeat(page.split('/').length - 1);
    const context = contextOf(
      options,
      single ? '' : '../'.repeat(place.split('/').length - 1),
      single,
      top,
    );
    const content = withOwnIds(main(context, top));
    const own = ownIds();
    return {
      ...more,
      headings: more.headings.map((heading) => ({ ...heading, id: own(heading.id) })),
      path: page,
      main: content,
      markdown: toMarkdown(content),
      kind: 'reference',
      version: contract.info.version,
    };
  };
  const { info } = contract;
  const title = options.newest
    ? `${info.title} API reference`
    : `${info.title} API ${info.version}`;
  const front = at(
    '',
    (context, top) => html`${notice(options, top)}
${intro(options, top)}
${single ? contract.operations.map((operation) => renderOperation(operation, context, 2)) : overview(context)}
${webhooks(context)}
${about(contract)}
${single && schemas(contract, context.schemaLink, 3)}`,
    {
      title,
      description: `${info.summary || info.title} ${lineOf(contract)}`.trim(),
      headings: single ? singleHeadings(contract) : overviewHeadings(contract),
      data: {
        '@context': 'https://schema.org',
        '@type': 'APIReference',
        name: title,
        description: info.summary || info.title,
        version: info.version,
        inLanguage: 'en',
      },
    },
  );
  if (single) return [front];
  return [
    front,
    ...contract.operations.map((operation) =>
      at(
        operationPath(operation),
        (context, top) => html`${notice(options, top)}
<p class="crumb"><a href="../../">API reference</a>${operation.tags[0] && html` <a href="../../#${anchors.tag(operation.tags[0])}">${operation.tags[0]}</a>`}</p>
${renderOperation(operation, context, 1)}`,
        {
          title: operation.summary,
          description: `${operation.method} ${operation.path}`,
          headings: operationHeadings(operation, 2),
        },
      ),
    ),
    at(
      'schemas/',
      (context, top) => html`${notice(options, top)}
<p class="crumb"><a href="../">API reference</a></p>${schemas(contract, context.schemaLink, 2) ?? html`<h1 id="schemas">Schemas</h1><p>There are none.</p>`}`,
      {
        title: 'Schemas',
        description: `The schemas of the ${info.title} API.`,
        headings: [],
      },
    ),
  ];
}

export function operationPath({ id }: Pick<Operation, 'id'>): string {
  return `operations/${anchors.operation(id)}/`;
}

function contextOf(
  options: ReferenceOptions,
  up: string,
  single: boolean,
  top: string,
): OperationContext {
  const { contract, catalogue, newest } = options;
  return {
    contract,
    newest,
    catalogue: (status) => {
      const path = catalogue.get(status);
      return path === undefined ? null : top + path;
    },
    schemaLink: (name) => `${single ? '' : `${up}schemas/`}#${anchors.schema(name)}`,
    securityLink: (name) => `${single ? '' : up || './'}#${anchors.security(name)}`,
    operationLink: (operation) => up + operationPath(operation),
  };
}

function singleHeadings(contract: Contract): Page['headings'] {
  return [
    ...contract.operations.flatMap((operation) => [
      { id: anchors.operation(operation.id), text: operation.summary, level: 2 },
      ...operationHeadings(operation, 3),
    ]),
    ...commonHeadings(contract),
    ...(contract.schemas.length > 0 ? [{ id: 'schemas', text: 'Schemas', level: 2 }] : []),
  ];
}

function overviewHeadings(contract: Contract): Page['headings'] {
  return [
    ...groupsOf(contract).map(({ name }) => ({
      id: anchors.tag(name || 'others'),
      text: name || 'Operations',
      level: 2,
    })),
    ...commonHeadings(contract),
  ];
}

function commonHeadings({ webhooks: all }: Contract): Page['headings'] {
  return [
    ...(all.length > 0 ? [{ id: 'webhooks', text: 'Webhooks', level: 2 }] : []),
    { id: 'about', text: 'About this API', level: 2 },
  ];
}

function lineOf({ operations }: Contract): string {
  const [first, ...others] = operations;
  if (!first) return '';
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `${first.method} ${first.path}${more}.`;
}

function notice({ newest, contract }: ReferenceOptions, top: string): Content {
  if (newest) return null;
  return html`<p class="notice">This is version ${contract.info.version}, kept as it was published. <a href="${top || './'}">The newest version</a> · <a href="${top}versions/">All versions</a></p>`;
}

function intro({ contract, newest }: ReferenceOptions, top: string): Html {
  const group = groupsOf(contract).find(({ operations }) => operations.length > 0);
  const [first] = group?.operations ?? [];
  const plain = (group?.name || 'other').normalize('NFD').replaceAll(/\p{M}/gu, '');
  const name = (text: string) =>
    text
      .toLowerCase()
      .replaceAll('&', 'and')
      .replaceAll(/[^\w]+/g, '-');
  // How Redoc calls other names is not known here; its view begins with the overview then.
  const known = first && /^\w[\w &/-]*$/.test(plain);
  const deep = known ? `#/${name(plain)}/${name(first.id)}` : '#/';
  const [server] = contract.servers;
  return html`<header class="intro">
<h1 id="top">${contract.info.title} <span class="version-tag">${contract.info.version}</span></h1>
<p class="lead">${contract.info.summary}</p>
<p class="base">Base URL <code>${server?.url}</code>${newest && html` <a href="${top}guides/get-started/">Get started</a>`}</p>
<p class="views"><a href="openapi.yaml" download>openapi.yaml</a> <a href="openapi.json">openapi.json, for collections</a> <a class="js-only" href="${deep}">Open in Redoc</a></p>
</header>`;
}
