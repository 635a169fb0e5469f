import { type BodyPart, toCurl } from '@sql-sessions/contract/model';
import type { FilledRequest } from './fill-in.ts';

export interface Language {
  id: string;
  title: string;
  /** By which its code is colored. */
  syntax: string;
  print(request: FilledRequest): string;
}

/** The samples that can be made of any request. Each prints the status and the body of the response. */
export const LANGUAGES: readonly Language[] = [
  { id: 'curl', title: 'curl', syntax: 'bash', print: curl },
  { id: 'javascript', title: 'JavaScript', syntax: 'javascript', print: toJavaScript },
  { id: 'python', title: 'Python', syntax: 'python', print: toPython },
  { id: 'requests', title: 'Python requests', syntax: 'python', print: toRequests },
];

function curl(request: FilledRequest): string {
  return toCurl({ ...request, target: request.url }, '', { separator: ' \\\n  ' });
}

/** Without what a library writes itself for a form in parts: the type with its boundary. */
function headersOf({ headers, body }: FilledRequest): FilledRequest['headers'] {
  return body?.parts ? headers.filter(([name]) => name !== 'Content-Type') : headers;
}

function toJavaScript(request: FilledRequest): string {
  const { method, url, body } = request;
  const headers = headersOf(request);
  const options = [
    ...(method === 'GET' ? [] : [`method: ${js(method)},`]),
    ...(headers.length > 0
      ? ['headers: {', ...headers.map(([name, value]) => `  ${js(name)}: ${js(`${value}`)},`), '},']
      : []),
    ...(body ? [body.parts ? 'body: form,' : `body: ${js(body.text)},`] : []),
    "redirect: 'manual',",
  ].map((line) => `  ${line}\n`);
  const form = body?.parts
    ? ['const form = new FormData();', ...body.parts.map(toAppend), ''].join('\n')
    : '';
  return `${form}const response = await fetch(${js(url)}, {
${options.join('')}});
console.log(response.status, await response.text());
`;
}

function toAppend({ name, value, contentType, fileName }: BodyPart): string {
  if (!contentType && !fileName) return `form.append(${js(name)}, ${js(`${value}`)});`;
  const type = contentType ? `, { type: ${js(contentType)} }` : '';
  return `form.append(${js(name)}, new Blob([${js(`${value}`)}]${type})${fileName ? `, ${js(fileName)}` : ''});`;
}

function toPython({ method, url, headers, body }: FilledRequest): string {
  const { protocol, host, pathname, search } = new URL(url);
  const kind = protocol === 'https:' ? 'HTTPSConnection' : 'HTTPConnection';
  return `import http.client

connection = http.client.${kind}(${python(host)})
${call('connection.request', [
  python(method),
  python(pathname + search),
  ...(body ? [`body=${python(body.text)}.encode()`] : []),
  ...dictionary('headers', headers),
])}
response = connection.getresponse()
print(response.status, response.read().decode())
`;
}

function toRequests(request: FilledRequest): string {
  const { method, url, body } = request;
  const part = ({ name, value, contentType, fileName }: BodyPart) => {
    const content = [fileName ? python(fileName) : 'None', python(`${value}`)];
    if (contentType) content.push(python(contentType));
    return `(${python(name)}, (${content.join(', ')}))`;
  };
  const content = body?.parts
    ? [`files=[${body.parts.map(part).join(', ')}]`]
    : body
      ? [`data=${python(body.text)}.encode()`]
      : [];
  return `import requests

${call('response = requests.request', [
  python(method),
  python(url),
  ...dictionary('headers', headersOf(request)),
  ...content,
  'allow_redirects=False',
])}
print(response.status_code, response.text)
`;
}

function dictionary(name: string, entries: FilledRequest['headers']): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map(([key, value]) => `        ${python(key)}: ${python(value)},\n`);
  return [`${name}={\n${lines.join('')}    }`];
}

function call(name: string, values: readonly string[]): string {
  return `${name}(\n${values.map((value) => `    ${value},\n`).join('')})`;
}

function js(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** JSON's strings are Python's. */
function python(text: string): string {
  return JSON.stringify(text);
}
