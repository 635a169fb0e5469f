import type { Operation, RecordedRequest } from './control.ts';

/** A curl command for an operation, with the contract's example values. */
export function curlFor({ method, examplePath, tokenHeader }: Operation): string {
  const token = tokenHeader === null ? '' : ` \\\n  -H ${quote(`${tokenHeader}: token`)}`;
  return `curl -i -X ${method} ${quote(location.origin + examplePath)}${token}`;
}

/** A curl command that repeats a request. Masked secrets have to be filled in again. */
export function curlAgain({ method, target, headers, body }: RecordedRequest): string {
  const skipped = [
    'host',
    'connection',
    'content-length',
    'accept-encoding',
    'user-agent',
    'accept',
  ];
  const sent = Object.entries(headers)
    .filter(([name]) => !skipped.includes(name) && !name.startsWith('sec-'))
    .map(
      ([name, value]) =>
        ` \\\n  -H ${quote(`${name}: ${value.replace(/^\*\*\* \(.*\)$/, 'token')}`)}`,
    );
  const data = body === null ? '' : ` \\\n  --data-raw ${quote(body)}`;
  return `curl -i -X ${method} ${quote(location.origin + target)}${sent.join('')}${data}`;
}

/** Quotes text for a POSIX shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
