import {
  type FormBody,
  keyOf,
  PLACEHOLDER,
  type RequestForm,
  type RequestValues,
} from './request-form.ts';

/** The call with the client of this contract, as TypeScript. */
export function toClient(form: RequestForm, values: RequestValues): string {
  const given = form.parameters.flatMap((parameter) => {
    const typed = values.parameters[keyOf(parameter)] ?? '';
    if (typed === '' && !parameter.required) return [];
    // A number or a boolean is typed as it is, like a text.
    const plain = parameter.kind === 'text' && (parameter.lengths || !isScalar(typed));
    return [`  ${property(parameter.name)}: ${plain ? quoted(typed) : literal(typed)},\n`];
  });
  const body = values.body && form.bodies[values.body.index];
  if (body && values.body) given.push(`  body: ${bodyOf(body, values.body.text)},\n`);
  const credentials = (form.security[values.security] ?? []).filter(
    ({ scheme }) => values.credentials[scheme],
  );
  const tokens = credentials.map(({ basic }) => quoted(basic ? 'USER:PASSWORD' : PLACEHOLDER));
  const byScheme = credentials.map(({ scheme }, index) => `${property(scheme)}: ${tokens[index]}`);
  const token = tokens.length > 1 ? `{ ${byScheme.join(', ')} }` : tokens[0];
  return `import { createSessionsClient } from '@sql-sessions/client';

const client = createSessionsClient({
  baseUrl: ${quoted(values.baseUrl)},
${token ? `  token: ${token},\n` : ''}});

const result = await client.${form.id}({
${given.join('')}});
console.log(result.status);
`;
}

/** A body as the client takes it: what travels as bytes is a `Blob`. */
function bodyOf({ kind, encoding }: FormBody, text: string): string {
  if (kind === 'text') return quoted(text);
  if (kind === 'binary') return blob(text);
  const fields = Object.values(encoding).some(({ fileName }) => fileName) ? fieldsOf(text) : [];
  if (fields.length === 0) return literal(text);
  const lines = fields.map(([name, value]) => {
    const isFile = encoding[name]?.fileName !== undefined && typeof value === 'string';
    return `    ${property(name)}: ${isFile ? blob(value) : literal(JSON.stringify(value))},\n`;
  });
  return `{\n${lines.join('')}  }`;
}

/** The fields of a form; none where it is not one. */
function fieldsOf(json: string): [string, unknown][] {
  try {
    return Object.entries(JSON.parse(json));
  } catch {
    return [];
  }
}

function blob(text: string): string {
  return `new Blob([${quoted(text)}])`;
}

function isScalar(text: string): boolean {
  return /^(true|false|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(text);
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
