/**
 * A contract in shape like large public ones: many operations, and schemas each of which leads to others, many of them
 * back to itself. The same for the same seed; `size` 1 is some 400 KB.
 */
export function largeContract(seed: number, size = 1): { paths: Record<string, object> } {
  let state = seed;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const schemas = Math.round(280 * size);
  const list = (count: number) => Array.from({ length: count }, (_, index) => index);
  const reference = (index: number) => ({ $ref: `#/components/schemas/S${index % schemas}` });
  const property = (index: number): object => {
    const kinds: (() => object)[] = [
      () => ({ type: 'string', maxLength: 200, description: 'Some words about this field.' }),
      () => ({ type: 'integer', minimum: 0 }),
      () => ({ type: 'array', items: reference(below(schemas)) }),
      () => reference(index + 1 + below(4)),
      () => ({ oneOf: [reference(below(schemas)), { type: 'null' }] }),
    ];
    return kinds[below(kinds.length)]?.() ?? {};
  };
  const schema = (index: number) => ({
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'string' },
      name: { type: 'string' },
      ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((field) => [`field${field}`, property(index)])),
    },
  });
  const content = (index: number) => ({ 'application/json': { schema: reference(index) } });
  const response = (index: number) => ({ 200: { description: 'OK', content: content(index) } });
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  const item = (index: number) => ({
    parameters: [id],
    get: { operationId: `get${index}`, responses: response(index) },
    put: {
      operationId: `put${index}`,
      requestBody: { required: true, content: content(index * 3) },
      responses: response(index * 7),
    },
  });
  const paths = list(Math.round(220 * size));
  const document = {
    openapi: '3.1.0',
    info: { title: 'Large', version: '1' },
    paths: Object.fromEntries(paths.map((index) => [`/things${index}/{id}`, item(index)])),
    components: {
      schemas: Object.fromEntries(list(schemas).map((index) => [`S${index}`, schema(index)])),
    },
  };
  return document;
}
