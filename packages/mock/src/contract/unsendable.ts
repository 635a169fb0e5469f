import type { Contract } from '@sql-sessions/contract/model';
import { headerSafe, isToken } from '../http/header.ts';

/** What in the responses of a contract HTTP cannot carry, a sentence each; it is left out of them. */
export function unsendable({ operations, securitySchemes }: Contract): string[] {
  const responses = operations.flatMap((operation) => operation.responses);
  const told = new Map<string, string>();
  for (const { headers, content } of responses) {
    for (const { name, pointer } of headers)
      if (!isToken(name)) told.set(pointer, `The header name ${name}`);
    for (const { mediaType, pointer } of content)
      if (headerSafe(mediaType) !== mediaType) told.set(pointer, `The media type ${mediaType}`);
  }
  for (const { credential, httpScheme, pointer } of securitySchemes) {
    const prefix = credential?.prefix.trim() ?? '';
    if (prefix !== '' && !isToken(prefix)) told.set(pointer, `The scheme ${httpScheme}`);
  }
  return [...told].map(([pointer, what]) =>
    `${pointer}: ${what} cannot be sent and is left out; correct it.`.replace(/[\r\n]/g, '?'),
  );
}
