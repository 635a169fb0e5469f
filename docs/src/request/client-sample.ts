import { keyOf, PLACEHOLDER, type RequestForm, type RequestValues } from './request-form.ts';

/** The call with the client of this contract, as TypeScript. */
export function toClient(form: RequestForm, values: RequestValues): string {
  const given = form.parameters.flatMap((parameter) => {
    const typed = values.parameters[keyOf(parameter)] ?? '';
    if (typed === '' && !parameter.required) return [];
    const plain = parameter.kind === 'text';
    return [`  ${property(parameter.name)}: ${plain ? quoted(typed) : literal(typed)},\n`];
  });
  const body = values.body && form.bodies[values.body.index];
  if (body && values.body) {
    const { text } = values.body;
    const plain = body.kind === 'text' || body.kind === 'binary';
    given.push(`  body: ${plain ? quoted(text) : literal(text)},\n`);
  }
  const credentials = form.security[values.security] ?? [];
  const token = credentials.some(({ scheme }) => values.credentials[scheme]);
  return `import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({
  baseUrl: ${quoted(values.baseUrl)},
${token ? `  token: ${quoted(PLACEHOLDER)},\n` : ''}});

const result = await client.${form.id}({
${given.join('')}});
console.log(result.status);
`;
}

/** A JSON value is a value of JavaScript; what is not JSON stays as it is typed. */
function literal(json: string): string {
  return json.replaceAll('\n', '\n  ');
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}
