import type { Contract } from '@sql-sessions/contract/model';
import type { RequestRules, Violation } from './check-request.ts';
import { Remembered } from './remember.ts';

/** What was checked, so that the same request is checked once. Long requests are not worth it. */
export function rememberChecks(contract: Contract, { check }: RequestRules): RequestRules {
  const names = new Set(['authorization', 'content-type', 'cookie']);
  for (const { parameters } of contract.operations) {
    for (const parameter of parameters)
      if (parameter.in === 'header') names.add(parameter.name.toLowerCase());
  }
  for (const { credential } of contract.securitySchemes) {
    if (credential?.in === 'header') names.add(credential.name.toLowerCase());
  }
  const read = [...names];
  const remembered = new Remembered<{ violation: Violation | undefined }>(1000);

  return {
    async check(operation, request, params, strictToken) {
      const { method, path, search, headers, text, bytes, undecoded } = request;
      const size = path.length + search.length + (text?.length ?? 0);
      // The text of bytes that are not UTF-8 is that of other bytes too.
      if (size > 2000 || bytes || undecoded) return check(operation, request, params, strictToken);
      const key = JSON.stringify([
        method,
        path,
        search,
        text,
        strictToken,
        ...read.map((name) => headers[name]),
      ]);
      const known = remembered.get(key);
      if (known) return known.violation;
      const violation = await check(operation, request, params, strictToken);
      if (key.length < 8000) remembered.set(key, { violation });
      return violation;
    },
  };
}
