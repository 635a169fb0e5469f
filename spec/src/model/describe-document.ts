/**
 * What a parsed document is, in words: `OpenAPI 3.1.0`, `Swagger 2.0`, `empty`, `a text`, `a list`, or
 * `an object without openapi`. {@link readContract} takes its structure for granted; this tells whether it may.
 *
 * @param document what came out of a JSON or YAML parser
 */
export function describeDocument(document: unknown): string {
  if (document === undefined || document === null || document === '') return 'empty';
  if (Array.isArray(document)) return 'a list';
  if (typeof document !== 'object')
    return `a ${typeof document === 'string' ? 'text' : typeof document}`;
  const { openapi, swagger } = document as { openapi?: unknown; swagger?: unknown };
  if (openapi !== undefined)
    return `OpenAPI ${typeof openapi === 'object' ? JSON.stringify(openapi) : openapi}`;
  return swagger === undefined ? 'an object without `openapi`' : `Swagger ${swagger}`;
}
