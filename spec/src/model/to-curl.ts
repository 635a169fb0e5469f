import type { HttpRequest } from './to-http-request.ts';

export interface CurlOptions {
  /** Writes a word of the command. Default: in single quotes, for a POSIX shell. */
  readonly quote?: (text: string) => string;
  /** What stands between the parts of the command. Default: a space. */
  readonly separator?: string;
  /** Where the body comes from, if not from the command itself: `@-` for standard input. */
  readonly bodyFrom?: string | undefined;
}

/**
 * A command for curl that sends the request and prints the head and the body of the response.
 *
 * @param baseUrl the URL that the request's target is put behind
 */
export function toCurl(
  { method, target, headers, body }: HttpRequest,
  baseUrl: string,
  { quote = quoted, separator = ' ', bodyFrom }: CurlOptions = {},
): string {
  const url = baseUrl.replace(/\/+$/, '') + target;
  const parts = bodyFrom === undefined ? body?.parts : undefined;
  // curl writes the boundary itself.
  const told = headers.filter(([name]) => !(parts && /^content-type$/i.test(name)));
  return [
    `curl ${method === 'HEAD' ? '--head' : `-i -X ${method}`} ${quote(url)}`,
    // It would read brackets as lists and dots as steps.
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    ...(/\/\.{1,2}(\/|\?|$)/.test(url) ? ['--path-as-is'] : []),
    // An empty value needs a semicolon, or curl leaves the header out.
    ...told.map(([name, value]) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(parts ?? []).map(({ name, value, contentType, fileName }) => {
      const more = [
        contentType && `type=${contentType}`,
        fileName && `filename=${inner(fileName)}`,
      ];
      const written = [`${name}=${inner(`${value}`)}`, ...more.filter(Boolean)].join(';');
      return contentType || fileName
        ? `-F ${quote(written)}`
        : `--form-string ${quote(`${name}=${value}`)}`;
    }),
    ...(bodyFrom === undefined ? [] : [`--data-binary ${bodyFrom}`]),
    ...(body && !parts && bodyFrom === undefined ? [`--data-raw ${quote(body.text)}`] : []),
  ].join(separator);
}

/** In the quotes of a form's part, or curl would read a leading @ or < as a file's name, and more after a semicolon. */
function inner(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
