import {
  compilePattern,
  type HttpRequest,
  toHttpRequest,
  writeBody,
} from '@sql-sessions/contract/model';
import { type FormParameter, keyOf, type RequestForm, type RequestValues } from './request-form.ts';

/** A request to a server. */
export interface FilledRequest extends HttpRequest {
  readonly url: string;
}

/** Something that is filled in cannot be sent. */
export interface Problem {
  /** Name of the field in the form: the key of a parameter, `credential:SCHEME`, `baseUrl` or `body`. */
  field: string;
  message: string;
}

/** Makes the request. With problems, it is what would be sent if they were none. */
export function fillIn(
  form: RequestForm,
  values: RequestValues,
): { request: FilledRequest; problems: Problem[] } {
  const problems: Problem[] = [];
  const valueFor = (parameter: FormParameter) => {
    const typed = values.parameters[keyOf(parameter)] ?? '';
    if (typed === '' && !parameter.required) return undefined;
    const fault = faultOf(parameter, typed);
    if (fault) problems.push({ field: keyOf(parameter), message: `${parameter.name} ${fault}` });
    return parameter.kind === 'text' ? typed : (parse(typed) ?? typed);
  };
  const credentials = (form.security[values.security] ?? [])
    .map((credential) => ({ ...credential, value: values.credentials[credential.scheme] ?? '' }))
    .filter(({ value }) => value !== '');
  if (!/^https?:\/\/[^/]/i.test(values.baseUrl) || !URL.canParse(values.baseUrl)) {
    problems.push({
      field: 'baseUrl',
      message: 'The base URL must be a URL that begins with http:// or https://.',
    });
  }
  for (const { scheme, in: place, value } of credentials) {
    if (place !== 'header' || !NO_HEADER.test(value)) continue;
    problems.push({ field: `credential:${scheme}`, message: `${scheme} ${HEADER_RULE}` });
  }
  const content = values.body && form.bodies[values.body.index];
  const typed = values.body?.text ?? '';
  const isForm = content?.kind === 'urlencoded' || content?.kind === 'multipart';
  const value = isForm ? parse(typed) : undefined;
  if (isForm && (typeof value !== 'object' || value === null)) {
    problems.push({
      field: 'body',
      message: 'The body must be a JSON object, with one field for each field of the form.',
    });
  }
  const text = content && { contentType: content.mediaType, text: typed };
  const body = isForm && content ? writeBody(content, value) : text;
  const made = toHttpRequest(form, { valueFor, credentials, body });
  const asked = values.status ? [['Prefer', `code=${values.status}`] as const] : [];
  const url = values.baseUrl.replace(/\/+$/, '') + made.target;
  return { request: { ...made, url, headers: [...made.headers, ...asked] }, problems };
}

const NO_HEADER = /[^\t -~\u00a0-\u00ff]/;
const HEADER_RULE =
  'must be text that a header can carry: no control characters, and none beyond ÿ.';

function faultOf(parameter: FormParameter, typed: string): string | null {
  const { kind, lengths = [0, Number.POSITIVE_INFINITY], rule } = parameter;
  if (kind !== 'text' && parse(typed) === undefined) return `must be JSON: ${rule}.`;
  if (parameter.in === 'path' && /^\.{0,2}$/.test(typed))
    return `must be ${rule}, and not empty or dots.`;
  if (parameter.in === 'header' && NO_HEADER.test(typed)) return HEADER_RULE;
  if (kind !== 'text') return null;
  // Characters, and not the units of UTF-16.
  const { length } = [...typed];
  const fits =
    length >= lengths[0] &&
    length <= lengths[1] &&
    (parameter.pattern === undefined || compilePattern(parameter.pattern)?.test(typed));
  return fits ? null : `must be ${rule}.`;
}

/** The JSON value of a text; undefined: it is not JSON. */
function parse(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return undefined;
  }
}
