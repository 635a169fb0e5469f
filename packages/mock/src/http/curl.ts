/** Writes a request as a command for `curl`. The value of a header that was masked is `token`. */
export function curlOf(
  origin: string,
  request: {
    readonly method: string;
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  },
): string {
  const headers = Object.entries(request.headers)
    .filter(([name]) => !UNTOLD.test(name))
    .map(
      ([name, value]) => ` -H ${quote(`${name}: ${value.replace(/^\*\*\* \(.*\)$/, 'token')}`)}`,
    );
  const data = request.body === null ? '' : ` --data-raw ${quote(request.body)}`;
  return `curl -i -X ${request.method} ${quote(origin + request.target)}${headers.join('')}${data}`;
}

/** What curl says by itself, or what only browsers say. */
const UNTOLD =
  /^(host|connection|content-length|accept|accept-encoding|accept-language|user-agent|origin|referer|sec-.*)$/i;

/** Quotes text for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
