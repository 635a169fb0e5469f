import { toCurl } from '@sql-sessions/contract/model';

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
  const { method, target, body: text } = request;
  const headers = Object.entries(request.headers)
    .filter(([name]) => !UNTOLD.test(name))
    .map(([name, value]) => [name, value.replace(/^\*\*\* \(.*\)$/, 'token')] as const);
  const body = text === null ? undefined : { contentType: '', text };
  return toCurl({ method, target, headers, body }, origin);
}

/** What curl says by itself, or what only browsers say. */
const UNTOLD =
  /^(host|connection|content-length|accept|accept-encoding|accept-language|user-agent|origin|referer|sec-.*)$/i;
