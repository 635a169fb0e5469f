/**
 * The addresses of everything in the reference. They are published: a name here may be added, never changed,
 * and `test/published-anchors.txt` remembers those that were.
 */
export const anchors = {
  operation: (id: string) => id,
  section: (
    id: string,
    name: 'parameters' | 'authorization' | 'body' | 'answers' | 'request' | 'try',
  ) => `${id}-${name}`,
  parameter: (id: string, name: string) => `${id}-parameter-${name}`,
  answer: (id: string, status: string) => `${id}-${status}`,
  answerField: (id: string, status: string, path: string) => `${id}-${status}-${path}`,
  security: (name: string) => `security-${name}`,
  schema: (name: string) => `schema-${name}`,
  schemaField: (name: string, path: string) => `schema-${name}-${path}`,
};
