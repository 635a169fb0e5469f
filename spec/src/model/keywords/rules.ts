import { asList, asNode, asText, type Node } from '../references.ts';
import { credentialOf } from '../security.ts';
import { nameRules } from './name-rules.ts';
import { parameterRules } from './parameter-rules.ts';
import { schemaRules } from './schema-rules.ts';
import { type Cells, PARTS, refuse } from './verdicts.ts';

/** Something that the table of fields and values cannot say. */
export interface Rule {
  /** The kind of object that it is about. */
  readonly kind: string;
  /** What it refuses, in general. */
  readonly refuses: string;
  readonly cells: Cells;
  /** The places in an object where it is broken. */
  find(node: Node, look: Look): Iterable<Finding>;
}

export interface Finding {
  /** The keys that lead from the object to the place. */
  readonly keys: readonly (string | number)[];
  /** What stands there, for a message. */
  readonly what: string;
}

export interface Look {
  /** The whole document. */
  readonly root: Node;
  /** Whether the object is in the document's first file: references to other files get names when they are bundled. */
  readonly inRoot: boolean;
  /** Follows references; of those that lead in a circle, one of them. */
  at(value: unknown): Node;
}

const ANYONE = PARTS.join(' ');
export const rules: readonly Rule[] = [
  {
    kind: 'OpenAPI',
    refuses: 'any version of OpenAPI but 3.1',
    cells: refuse(ANYONE, 'Only OpenAPI 3.1 is read.', 'Convert the document to 3.1.'),
    *find({ openapi }) {
      if (!/^3\.1\.\d+/.test(asText(openapi)))
        yield { keys: ['openapi'], what: `OpenAPI ${openapi}` };
    },
  },
  {
    kind: 'Paths',
    refuses: 'a path with `?` or `#`',
    cells: refuse(ANYONE, 'No request has them in its path.', 'Use a parameter, or another path.'),
    *find(node) {
      for (const path of Object.keys(node))
        if (/^\/.*[?#]/.test(path)) yield { keys: [path], what: `the path ${path}` };
    },
  },
  ...parameterRules,
  ...nameRules,
  {
    kind: 'PathItem',
    refuses: 'a request body of GET or HEAD',
    cells: refuse(
      'client',
      'The standard `fetch` sends no body with it.',
      'Use query parameters or another method.',
    ),
    *find(node) {
      for (const method of ['get', 'head']) {
        if (asNode(node[method]).requestBody === undefined) continue;
        yield { keys: [method, 'requestBody'], what: `a body of ${method.toUpperCase()}` };
      }
    },
  },
  {
    kind: 'Operation',
    refuses: 'an `operationId` that JavaScript gives a meaning',
    cells: refuse('types client', 'It becomes a method of the client.', 'Name it differently.'),
    *find({ operationId }) {
      const id = asText(operationId);
      if (id in {} || id === 'then') yield { keys: ['operationId'], what: `the operationId ${id}` };
    },
  },
  ...['OpenAPI', 'Operation'].map(
    (kind): Rule => ({
      kind,
      refuses: 'two security schemes in one alternative that are sent in the same place',
      cells: refuse(
        'client kit',
        'One place carries one value.',
        'Make them alternatives, each an entry of the list.',
      ),
      *find({ security }, look) {
        const schemes = asNode(asNode(look.root.components).securitySchemes);
        for (const [index, all] of asList(security).entries()) {
          const places = Object.keys(asNode(all)).flatMap((name) => {
            const credential = credentialOf(look.at(schemes[name]));
            return credential ? [`${credential.in} ${credential.name.toLowerCase()}`] : [];
          });
          const twice = places.find((place, at) => places.indexOf(place) < at);
          if (twice) yield { keys: ['security', index], what: `two schemes in the ${twice}` };
        }
      },
    }),
  ),
  {
    kind: 'RequestBody',
    refuses: 'a range of media types, or parts other than `multipart/form-data`, in a request body',
    cells: refuse(
      'client',
      'It does not say what a client is to send.',
      'Name one media type; of multipart ones, form-data.',
    ),
    *find({ content }) {
      for (const type of Object.keys(asNode(content))) {
        if (!/\*|^multipart\/(?!form-data)/i.test(type)) continue;
        yield { keys: ['content', type], what: `the media type ${type}` };
      }
    },
  },
  {
    kind: 'Responses',
    refuses: 'statuses below 200',
    cells: refuse(
      'types client mock kit',
      'The standard `fetch` does not show interim responses.',
      'Leave it out.',
    ),
    *find(node) {
      const interim = Object.keys(node).filter((status) => /^1[0-9X]{2}$/i.test(status));
      for (const status of interim) yield { keys: [status], what: `the status ${status}` };
    },
  },
  {
    kind: 'Response',
    refuses: 'a response header `Content-Type`',
    cells: refuse(ANYONE, 'OpenAPI takes it from `content`.', 'Leave it out.'),
    *find({ headers }) {
      const found = Object.keys(asNode(headers)).filter((name) => /^content-type$/i.test(name));
      for (const name of found) yield { keys: ['headers', name], what: `the header ${name}` };
    },
  },
  {
    kind: 'Reference',
    refuses: 'a field beside `$ref`, other than `summary` and `description`',
    cells: refuse(ANYONE, 'It would be lost.', 'Put it where the reference leads to.'),
    *find(node) {
      for (const key of Object.keys(node)) {
        if (/^(\$ref|summary|description)$/.test(key)) continue;
        yield { keys: [key], what: `\`${key}\` beside a $ref` };
      }
    },
  },
  ...schemaRules,
  ...['Schema', 'Reference', 'PathItem'].map(
    (kind): Rule => ({
      kind,
      refuses: 'a `$ref` to anything but a whole component',
      cells: refuse(
        'types',
        'What it leads to has no name.',
        'Move it to components and refer to it there.',
      ),
      *find({ $ref }, { inRoot }) {
        if (typeof $ref !== 'string' || !$ref.startsWith('#') || !inRoot) return;
        if (!/^#\/components\/\w+\/[^/]+$/.test($ref))
          yield { keys: ['$ref'], what: `the $ref ${$ref}` };
      },
    }),
  ),
  ...['Schema', 'Components'].map(
    (kind): Rule => ({
      kind,
      refuses: 'the name `__proto__`',
      cells: refuse(ANYONE, 'JavaScript objects give it a meaning.', 'Name it differently.'),
      *find(node) {
        const maps = kind === 'Schema' ? ['properties'] : Object.keys(node);
        for (const map of maps) {
          if (!Object.hasOwn(asNode(node[map]), '__proto__')) continue;
          yield { keys: [map, '__proto__'], what: 'the name __proto__' };
        }
      },
    }),
  ),
];
