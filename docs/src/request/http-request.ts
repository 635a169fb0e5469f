import {
  type FormBody,
  type FormParameter,
  keyOf,
  type RequestForm,
  type RequestValues,
} from './request-form.ts';
import { serialize, text } from './serialize.ts';

/** A request as it goes over the wire. */
export interface HttpRequest {
  method: string;
  url: string;
  headers: [name: string, value: string][];
  body?: { mediaType: string; text: string } | { parts: BodyPart[] };
}

export interface BodyPart {
  name: string;
  value: string;
  contentType?: string | undefined;
  fileName?: string | undefined;
}

/** Something that is filled in cannot be sent. */
export interface Problem {
  /** Key of the parameter, `baseUrl` or `body`. */
  field: string;
  message: string;
}

/** Makes the request. With problems, it is what would be sent if they were none. */
export function toHttpRequest(
  form: RequestForm,
  values: RequestValues,
): { request: HttpRequest; problems: Problem[] } {
  const problems: Problem[] = [];
  let path = form.path;
  const query: string[] = [];
  const headers: HttpRequest['headers'] = [];
  const cookies: string[] = [];
  for (const parameter of form.parameters) {
    const typed = values.parameters[keyOf(parameter)] ?? '';
    if (typed === '' && !parameter.required) continue;
    const fault = faultOf(parameter, typed);
    if (fault) problems.push({ field: keyOf(parameter), message: `${parameter.name} ${fault}` });
    const value = parameter.kind === 'value' ? parse(typed) : typed;
    const plain = (each: string) => each;
    const writing = parameter.kind === 'json' ? { ...parameter, explode: false } : parameter;
    if (parameter.in === 'path') {
      path = path.replaceAll(`{${parameter.name}}`, () => serialize(value, writing));
    } else if (parameter.in === 'query') query.push(serialize(value, writing));
    else if (parameter.in === 'header') {
      headers.push([parameter.name, serialize(value, writing, plain)]);
    } else cookies.push(serialize(value, writing).replaceAll('&', '; '));
  }
  for (const credential of form.security[values.security] ?? []) {
    const { in: place, name, prefix, basic, scheme } = credential;
    const given = values.credentials[scheme] ?? '';
    if (given === '') continue;
    const value = prefix + (basic ? btoa(given) : given);
    if (place === 'header') headers.push([name, value]);
    else if (place === 'query')
      query.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    else cookies.push(`${name}=${encodeURIComponent(value)}`);
  }
  if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')]);
  if (values.status) headers.push(['Prefer', `code=${values.status}`]);
  if (!/^https?:\/\/[^/]/i.test(values.baseUrl)) {
    problems.push({
      field: 'baseUrl',
      message: 'The base URL must begin with http:// or https://.',
    });
  }
  const search = query.filter((each) => each !== '').join('&');
  const request: HttpRequest = {
    method: form.method,
    url: `${values.baseUrl.replace(/\/+$/, '')}${path}${search === '' ? '' : `?${search}`}`,
    headers,
  };
  const body = values.body && form.bodies[values.body.index];
  if (body && values.body) {
    const { fault, ...content } = toBody(body, values.body.text);
    if (fault) problems.push({ field: 'body', message: fault });
    Object.assign(request, content);
    if (body.kind !== 'multipart') headers.push(['Content-Type', body.mediaType]);
  }
  return { request, problems };
}

function faultOf(parameter: FormParameter, typed: string): string | null {
  const { kind, lengths = [0, Number.POSITIVE_INFINITY], rule } = parameter;
  if (kind !== 'text' && parse(typed) === undefined) return `must be JSON: ${rule}.`;
  if (parameter.in === 'path' && /^\.{0,2}$/.test(typed))
    return `must be ${rule}, and not empty or dots.`;
  if (kind !== 'text') return null;
  const fits =
    typed.length >= lengths[0] &&
    typed.length <= lengths[1] &&
    (parameter.pattern === undefined || new RegExp(parameter.pattern, 'u').test(typed));
  return fits ? null : `must be ${rule}.`;
}

function toBody(body: FormBody, typed: string): Pick<HttpRequest, 'body'> & { fault?: string } {
  if (body.kind === 'text') return { body: { mediaType: body.mediaType, text: typed } };
  const value = parse(typed);
  const fault = 'The body must be a JSON object, with one field for each field of the form.';
  if (typeof value !== 'object' || value === null) {
    return { body: { mediaType: body.mediaType, text: typed }, fault };
  }
  const fields = Object.entries(value);
  if (body.kind === 'multipart') {
    const parts = fields.flatMap(([name, content]) => {
      const { contentType = '', file = false } = body.fields[name] ?? {};
      const type =
        contentType.split(',')[0] || (isObject(content) ? 'application/json' : undefined);
      const list: unknown[] = Array.isArray(content) ? content : [content];
      return list.map((each) => ({
        name,
        value: text(each),
        contentType: type,
        fileName: file ? 'file' : undefined,
      }));
    });
    return { body: { parts } };
  }
  const pairs = fields.map(([name, content]) => {
    const { style = 'form', explode = true, allowReserved = false } = body.fields[name] ?? {};
    const nested = isObject(content) && body.fields[name]?.style === undefined;
    const written = serialize(nested ? text(content) : content, {
      name,
      style,
      explode,
      allowReserved,
    });
    // Readers of forms decode, and not all of them know what may stay as it is.
    return written.replaceAll(',', '%2C');
  });
  return { body: { mediaType: body.mediaType, text: pairs.join('&') } };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON value of a text; undefined: it is not JSON. */
function parse(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return undefined;
  }
}
