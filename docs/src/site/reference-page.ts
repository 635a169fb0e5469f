import type { OpenApiDocument } from '../contract/openapi-document.ts';
import { type ReferenceModel, toReferenceModel } from '../contract/reference-model.ts';
import { anchors } from '../render/anchors.ts';
import { type Content, html } from '../render/html.ts';
import { plainText } from '../render/markdown.ts';
import { referenceHeadings, renderReference } from '../render/reference.ts';
import { toReferenceMarkdown } from '../render/reference-markdown.ts';
import type { Page, SearchEntry } from './page.ts';

export interface ReferencePageOptions {
  path: string;
  document: OpenApiDocument;
  /** Status to its address in the error catalogue, from the top of the site. */
  catalogue: ReadonlyMap<string, string>;
  /** Whether this is the newest contract, the one that the client and the mock are made from. */
  newest: boolean;
  baseUrl: string | null;
}

/** The page of one version of the contract. */
export function toReferencePage(options: ReferencePageOptions): Page {
  const { path, document, catalogue, newest, baseUrl } = options;
  const model = toReferenceModel(document);
  const top = '../'.repeat(path.split('/').length - 1);
  const main = renderReference(
    {
      model,
      catalogue: (status) => {
        const address = catalogue.get(status);
        return address === undefined ? null : top + address;
      },
      interactive: newest,
    },
    { notice: notice(model, newest, top), views: views(model) },
  );
  return {
    path,
    title: newest ? `${model.title} API reference` : `${model.title} API ${model.version}`,
    description: `${model.summary || model.title} ${statusLine(model)}`.trim(),
    markdown: toReferenceMarkdown(model),
    main,
    headings: referenceHeadings(model),
    kind: 'reference',
    search: newest ? toSearch(model) : [],
    version: model.version,
    data: {
      '@context': 'https://schema.org',
      '@type': 'APIReference',
      name: `${model.title} API reference`,
      description: model.summary || model.title,
      version: model.version,
      inLanguage: 'en',
      ...(baseUrl && { url: baseUrl + path }),
    },
  };
}

function statusLine(model: ReferenceModel): string {
  const [first, ...others] = model.operations;
  if (!first) return '';
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `${first.method} ${first.path}${more}.`;
}

function notice(model: ReferenceModel, newest: boolean, top: string): Content {
  if (newest) return null;
  return html`<p class="notice">This is version ${model.version}, kept as it was published. <a href="${top || './'}">The newest version</a> · <a href="${top}versions/">All versions</a></p>`;
}

function views(model: ReferenceModel): Content {
  const [group] = model.groups.filter(({ operations }) => operations.length > 0);
  const [first] = group?.operations ?? [];
  const deep = group && first ? `#/${slug(group.name)}/${slug(first.id)}` : '#/';
  return html`<p class="views"><a href="openapi.yaml" download>openapi.yaml</a> <a href="openapi.json" download>openapi.json</a> <a class="js-only" href="${deep}">Open in Redoc</a></p>`;
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function toSearch(model: ReferenceModel): SearchEntry[] {
  return [
    { id: '', title: model.title, text: `${model.summary} ${plain(model.description)}` },
    ...model.operations.flatMap((operation) => [
      {
        id: operation.id,
        title: `${operation.summary} (${operation.id})`,
        text: `${operation.method} ${operation.path} ${plain(operation.description)}`,
      },
      ...operation.parameters.map((parameter) => ({
        id: anchors.parameter(operation.id, parameter.name),
        title: parameter.name,
        text: `${parameter.type} in ${parameter.in}, ${parameter.limits.join(', ')}. ${plain(parameter.description)}`,
      })),
      ...operation.answers.map((answer) => ({
        id: anchors.answer(operation.id, answer.status),
        title: `${answer.status} ${answer.phrase}`,
        text: `${plain(answer.description)} ${(answer.payload?.examples ?? [])
          .map(({ value }) => JSON.stringify(value))
          .join(' ')}`,
      })),
    ]),
    ...model.securitySchemes.map(({ name, scheme }) => ({
      id: anchors.security(name),
      title: `${name} ${scheme.name ?? ''}`.trim(),
      text: plain(scheme.description ?? ''),
    })),
    ...model.schemas.map((schema) => ({
      id: anchors.schema(schema.name),
      title: `${schema.name} schema`,
      text: `${plain(schema.description)} ${schema.fields
        .map(({ path, description }) => `${path}: ${description}`)
        .join(' ')}`,
    })),
  ];
}

function plain(markdown: string): string {
  return plainText(markdown).replaceAll(/[`*]/g, '').replaceAll(/\s+/g, ' ').trim();
}
