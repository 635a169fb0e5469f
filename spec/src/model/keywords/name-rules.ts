import { asNode, asText, type Node } from '../references.ts';
import type { Finding, Rule } from './rules.ts';
import { PARTS, refuse } from './verdicts.ts';

const ANYONE = PARTS.join(' ');
const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const FIELD_NAME = new RegExp(`^${TOKEN}$`);
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}\\s*(;|$)`);

/** Where each kind of object names a header. */
const HEADERS: Readonly<Record<string, (node: Node) => Finding[]>> = {
  Parameter: ({ in: place, name }) =>
    place === 'header' ? [{ keys: ['name'], what: asText(name) }] : [],
  SecurityScheme: ({ type, in: place, name }) =>
    type === 'apiKey' && place === 'header' ? [{ keys: ['name'], what: asText(name) }] : [],
  Response: ({ headers }) =>
    Object.keys(asNode(headers)).map((name) => ({ keys: ['headers', name], what: name })),
};

/** Names that have to be what HTTP, the document or a file system takes for one. */
export const nameRules: readonly Rule[] = [
  ...Object.entries(HEADERS).map(
    ([kind, namesOf]): Rule => ({
      kind,
      refuses: 'a header whose name is not a token of HTTP (RFC 9110)',
      cells: refuse(ANYONE, 'No request or response can carry it.', 'Use letters, digits and `-`.'),
      *find(node) {
        for (const { keys, what } of namesOf(node))
          if (!FIELD_NAME.test(what))
            yield { keys, what: `the header name ${JSON.stringify(what)}` };
      },
    }),
  ),
  ...['Parameter', 'RequestBody', 'Response', 'Header'].map(
    (kind): Rule => ({
      kind,
      refuses: 'a media type that is not `type/subtype`',
      cells: refuse(ANYONE, 'No header Content-Type says it.', 'Write it like application/json.'),
      *find({ content }) {
        for (const type of Object.keys(asNode(content)))
          if (!MEDIA_TYPE.test(type))
            yield { keys: ['content', type], what: `the media type ${JSON.stringify(type)}` };
      },
    }),
  ),
  {
    kind: 'Link',
    refuses: 'a link to an operation that is not in the document',
    cells: refuse('reference', 'It leads to no page.', 'Name the operationId of one that is.'),
    *find({ operationId }, { root, inRoot, at }) {
      if (operationId === undefined || !inRoot) return;
      const items = ['paths', 'webhooks'].flatMap((map) => Object.values(asNode(root[map])));
      const known = items.flatMap((item) => Object.values(at(item))).map(asNode);
      if (!known.some((operation) => operation.operationId === operationId))
        yield { keys: ['operationId'], what: `a link to ${operationId}` };
    },
  },
  {
    kind: 'Link',
    refuses: 'parameters of a link that are not a map',
    cells: refuse('reference', 'OpenAPI has each by its name.', 'Write `name: value`.'),
    *find({ parameters }) {
      if (parameters !== undefined && asNode(parameters) !== parameters)
        yield { keys: ['parameters'], what: 'a link with other parameters' };
    },
  },
  {
    kind: 'Components',
    refuses: 'schemas with names that differ in upper and lower case only',
    cells: refuse('types', 'Their files are one on macOS and Windows.', 'Rename one of them.'),
    *find({ schemas }) {
      const owners = new Map<string, string>();
      for (const name of Object.keys(asNode(schemas))) {
        const owner = owners.get(name.toLowerCase());
        owners.set(name.toLowerCase(), name);
        if (owner !== undefined)
          yield { keys: ['schemas', name], what: `the schema ${name} beside ${owner}` };
      }
    },
  },
];
