import type { BodyPart, HttpRequest } from './http-request.ts';

export interface Language {
  id: string;
  title: string;
  /** By which its code is colored. */
  syntax: string;
  print(request: HttpRequest): string;
}

/** The samples that can be made of any request. Each prints the status and the body of the response. */
export const LANGUAGES: readonly Language[] = [
  { id: 'curl', title: 'curl', syntax: 'bash', print: toCurl },
  { id: 'javascript', title: 'JavaScript', syntax: 'javascript', print: toJavaScript },
  { id: 'python', title: 'Python', syntax: 'python', print: toPython },
  { id: 'requests', title: 'Python requests', syntax: 'python', print: toRequests },
];

function toCurl({ method, url, headers, body }: HttpRequest): string {
  const verb = method === 'HEAD' ? '--head' : `-i -X ${method}`;
  const form = ({ name, value, contentType, fileName }: BodyPart) => {
    const more = [contentType && `type=${contentType}`, fileName && `filename=${fileName}`];
    return `-F ${shell([`${name}=${value}`, ...more.filter(Boolean)].join(';'))}`;
  };
  const content =
    body === undefined
      ? []
      : 'parts' in body
        ? body.parts.map(form)
        : [`--data-binary ${shell(body.text.replace(/^@/, ' @'))}`];
  return [
    `curl ${verb} ${shell(url)}`,
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    ...headers.map(
      ([name, value]) => `-H ${shell(value === '' ? `${name};` : `${name}: ${value}`)}`,
    ),
    ...content,
  ].join(' \\\n  ');
}

function toJavaScript({ method, url, headers, body }: HttpRequest): string {
  const options = [
    ...(method === 'GET' ? [] : [`method: ${js(method)},`]),
    ...(headers.length > 0
      ? ['headers: {', ...headers.map(([name, value]) => `  ${js(name)}: ${js(value)},`), '},']
      : []),
    ...(body ? ['parts' in body ? 'body: form,' : `body: ${js(body.text)},`] : []),
  ].map((line) => `  ${line}\n`);
  const form =
    body && 'parts' in body
      ? ['const form = new FormData();', ...body.parts.map(toAppend), ''].join('\n')
      : '';
  const call = options.length > 0 ? `${js(url)}, {\n${options.join('')}}` : js(url);
  return `${form}const response = await fetch(${call});
console.log(response.status, await response.text());
`;
}

function toAppend({ name, value, contentType, fileName }: BodyPart): string {
  if (!contentType && !fileName) return `form.append(${js(name)}, ${js(value)});`;
  const type = contentType ? `, { type: ${js(contentType)} }` : '';
  return `form.append(${js(name)}, new Blob([${js(value)}]${type})${fileName ? `, ${js(fileName)}` : ''});`;
}

const BOUNDARY = 'a-boundary-of-this-form';

function toPython({ method, url, headers, body }: HttpRequest): string {
  const { protocol, host, pathname, search } = new URL(url);
  const multipart = body && 'parts' in body;
  const all = multipart
    ? [...headers, ['Content-Type', `multipart/form-data; boundary=${BOUNDARY}`] as const]
    : headers;
  const content = body && (multipart ? written(body.parts) : body.text);
  const kind = protocol === 'https:' ? 'HTTPSConnection' : 'HTTPConnection';
  return `import http.client

connection = http.client.${kind}(${python(host)})
${call('connection.request', [
  python(method),
  python(pathname + search),
  ...(content === undefined ? [] : [`body=${python(content)}.encode()`]),
  ...dictionary('headers', all),
])}
response = connection.getresponse()
print(response.status, response.read().decode())
`;
}

function toRequests({ method, url, headers, body }: HttpRequest): string {
  const part = ({ name, value, contentType, fileName }: BodyPart) => {
    const content = [fileName ? python(fileName) : 'None', python(value)];
    if (contentType) content.push(python(contentType));
    return `(${python(name)}, (${content.join(', ')}))`;
  };
  const content =
    body === undefined
      ? []
      : 'parts' in body
        ? [`files=[${body.parts.map(part).join(', ')}]`]
        : [`data=${python(body.text)}.encode()`];
  return `import requests

${call('response = requests.request', [
  python(method),
  python(url),
  ...dictionary('headers', headers),
  ...content,
  'allow_redirects=False',
])}
print(response.status_code, response.text)
`;
}

function dictionary(name: string, entries: readonly (readonly [string, string])[]): string[] {
  if (entries.length === 0) return [];
  const lines = entries.map(([key, value]) => `        ${python(key)}: ${python(value)},\n`);
  return [`${name}={\n${lines.join('')}    }`];
}

function call(name: string, values: readonly string[]): string {
  return `${name}(\n${values.map((value) => `    ${value},\n`).join('')})`;
}

/** A form in parts, as it travels. */
function written(parts: readonly BodyPart[]): string {
  const lines = parts.flatMap(({ name, value, contentType, fileName }) => [
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="${name}"${fileName ? `; filename="${fileName}"` : ''}`,
    ...(contentType ? [`Content-Type: ${contentType}`] : []),
    '',
    value,
  ]);
  return [...lines, `--${BOUNDARY}--`, ''].join('\r\n');
}

function shell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function js(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** JSON's strings are Python's. */
function python(text: string): string {
  return JSON.stringify(text);
}
