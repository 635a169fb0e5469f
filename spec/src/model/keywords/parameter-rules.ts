import { asList, asNode, asText, type Node } from '../references.ts';
import type { Look, Rule } from './rules.ts';
import { PARTS, refuse } from './verdicts.ts';

const ANYONE = PARTS.join(' ');
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const STYLES: Readonly<Record<string, readonly string[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
};

export const parameterRules: readonly Rule[] = [
  {
    kind: 'Paths',
    refuses: 'a path parameter that has no place in its path',
    cells: refuse(
      ANYONE,
      'No request can carry it.',
      'Write its name into the path, in braces, or describe it as a parameter of the query.',
    ),
    *find(paths, look) {
      for (const [path, entry] of Object.entries(paths)) {
        const item = look.at(entry);
        const lists = METHODS.map((method) => listParameters(asNode(item[method]), look, method));
        for (const { keys, parameter } of [listParameters(item, look), ...lists].flat()) {
          const name = asText(parameter.name);
          if (parameter.in === 'path' && !path.includes(`{${name}}`))
            yield { keys: [path, ...keys], what: `the path parameter ${name} of ${path}` };
        }
      }
    },
  },
  {
    kind: 'Paths',
    refuses: 'a name in braces in a path that no parameter describes',
    cells: refuse(
      'types client reference kit',
      'Nothing says what stands there.',
      'Describe it as a parameter of the path.',
    ),
    *find(paths, look) {
      for (const path of Object.keys(paths).filter((key) => key.startsWith('/'))) {
        const item = look.at(paths[path]);
        for (const method of METHODS.filter((each) => item[each] !== undefined)) {
          const lists = [listParameters(item, look), listParameters(asNode(item[method]), look)];
          const described = lists
            .flat()
            .map(({ parameter }) => parameter.in === 'path' && `{${asText(parameter.name)}}`);
          for (const [name] of path.matchAll(/{[^{}]+}/g))
            if (!described.includes(name))
              yield { keys: [path, method], what: `${name} in ${path}` };
        }
      }
    },
  },
  {
    kind: 'PathItem',
    refuses: 'two parameters of one operation with the same name in different places',
    cells: refuse('types client', 'They are one argument of the method.', 'Rename one of them.'),
    *find(item, look) {
      for (const parameters of parametersByOperation(item, look)) {
        const places = new Map<string, unknown>();
        for (const { keys, parameter } of parameters) {
          const name = asText(parameter.name);
          const place = places.get(name);
          places.set(name, parameter.in);
          if (place === undefined || place === parameter.in) continue;
          yield { keys, what: `the parameter ${name} in ${place} and in ${parameter.in}` };
        }
      }
    },
  },
  {
    kind: 'PathItem',
    refuses: 'two parameters of the query that are written under one name',
    cells: refuse(
      'client kit',
      'Nothing says whose value it is: the fields of an object may stand in the query under their own names.',
      'Rename one of them, or use the style deepObject.',
    ),
    *find(item, look) {
      for (const parameters of parametersByOperation(item, look)) {
        const all = new Map(
          parameters
            .filter(({ parameter }) => parameter.in === 'query')
            .map((one) => [asText(one.parameter.name), one]),
        );
        const owners = new Map<string, string>();
        for (const [name, { keys, parameter }] of all) {
          for (const written of queryNames(parameter, look)) {
            const owner = owners.get(written);
            owners.set(written, name);
            if (owner !== undefined)
              yield { keys, what: `\`${written}\` of the parameters ${owner} and ${name}` };
          }
        }
      }
    },
  },
  {
    kind: 'Parameter',
    refuses: 'a parameter called `body` or `contentType`',
    cells: refuse('types client', 'It is an argument for the request body.', 'Rename it.'),
    *find({ name }) {
      if (name === 'body' || name === 'contentType')
        yield { keys: ['name'], what: `the parameter ${name}` };
    },
  },
  {
    kind: 'Parameter',
    refuses: 'a parameter with the name of a member that every JavaScript object has',
    cells: refuse(
      'types client',
      'An argument that is left out is found all the same.',
      'Rename it.',
    ),
    *find({ name }) {
      if (asText(name) in {}) yield { keys: ['name'], what: `the parameter ${name}` };
    },
  },
  {
    kind: 'Parameter',
    refuses: 'the header parameters `Accept`, `Content-Type` and `Authorization`',
    cells: refuse(
      ANYONE,
      'OpenAPI takes them from responses, request body and security.',
      'Leave it out.',
    ),
    *find({ in: place, name }) {
      if (place === 'header' && /^(accept|content-type|authorization)$/i.test(asText(name)))
        yield { keys: ['name'], what: `the header parameter ${name}` };
    },
  },
  {
    kind: 'Parameter',
    refuses: 'a header parameter that a security scheme sets',
    cells: refuse('types client', 'The client sets it from its credentials.', 'Leave it out.'),
    *find({ in: place, name }, { root }) {
      const schemes = Object.values(asNode(asNode(root.components).securitySchemes)).map(asNode);
      const set = schemes.some(
        (scheme) =>
          scheme.type === 'apiKey' &&
          scheme.in === place &&
          asText(scheme.name).toLowerCase() === asText(name).toLowerCase(),
      );
      if (place === 'header' && set) yield { keys: ['name'], what: `the header parameter ${name}` };
    },
  },
  {
    kind: 'Parameter',
    refuses: 'a style that OpenAPI does not define for the place or the type of a parameter',
    cells: refuse(
      ANYONE,
      'OpenAPI does not say how it is written.',
      'Use a style of that place: path simple; query form, spaceDelimited or pipeDelimited (explode: false), deepObject (explode: true); header simple.',
    ),
    *find(parameter, look) {
      const { in: place, explode } = parameter;
      const styles = STYLES[asText(place)];
      if (parameter.content !== undefined || !styles) return;
      const { style = styles[0] } = parameter;
      const type = typeOf(look.at(parameter.schema));
      const delimited = style === 'spaceDelimited' || style === 'pipeDelimited';
      const undefinedStyle =
        !styles.includes(asText(style)) ||
        (delimited && (explode === true || type === 'scalar')) ||
        (style === 'deepObject' && (explode === false || type === 'scalar' || type === 'array'));
      if (undefinedStyle)
        yield {
          keys: ['style'],
          what: `the style ${style}${explode === undefined ? '' : ` (explode: ${explode})`} for ${type} in ${place}`,
        };
    },
  },
  {
    kind: 'Parameter',
    refuses: 'a parameter with arrays or objects inside an array or object',
    cells: refuse(
      ANYONE,
      'OpenAPI does not say how it is written.',
      'Describe it by `content` with application/json.',
    ),
    *find(parameter, look) {
      const schema = look.at(parameter.schema);
      for (const inner of [...Object.values(asNode(schema.properties)), schema.items]) {
        const type = typeOf(look.at(inner));
        if (type !== 'array' && type !== 'object') continue;
        yield { keys: ['schema'], what: `an ${type} inside the parameter ${parameter.name}` };
      }
    },
  },
];

/** The names that a parameter of the query has in it. */
function queryNames(parameter: Node, look: Look): readonly string[] {
  const { style = 'form', explode = style === 'form', content } = parameter;
  const name = asText(parameter.name);
  const fields = Object.keys(asNode(look.at(parameter.schema).properties));
  if (style === 'deepObject') return fields.map((field) => `${name}[${field}]`);
  return explode && content === undefined && fields.length > 0 ? fields : [name];
}

/** What a value is written as: a schema may leave it open. */
function typeOf(schema: Node): 'array' | 'object' | 'scalar' | 'any' {
  const types = [schema.type ?? []].flat();
  if (types.includes('array') || schema.items !== undefined) return 'array';
  if (types.includes('object') || schema.properties !== undefined) return 'object';
  return types.length > 0 ? 'scalar' : 'any';
}

/** The parameters of an operation or a path item, with the keys that lead to each. */
function listParameters(node: Node, look: Look, ...keys: string[]) {
  return asList(node.parameters).map((entry, index) => ({
    keys: [...keys, 'parameters', index],
    parameter: look.at(entry),
  }));
}

/** For each operation of a path item the parameters of both, those of the path item first. */
function parametersByOperation(item: Node, look: Look) {
  return METHODS.filter((method) => item[method] !== undefined).map((method) => [
    ...listParameters(item, look),
    ...listParameters(asNode(item[method]), look, method),
  ]);
}
