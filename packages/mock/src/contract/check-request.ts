import {
  type Contract,
  describeLimits,
  followSchema,
  type Operation,
  type Parameter,
} from '@sql-sessions/contract/model';
import { findDocumentedType } from '../http/media-type.ts';
import type { MockRequest } from '../http/message.ts';
import { type Checker, TELLING } from '../schemas/checker.ts';
import { missingCredentials } from './check-security.ts';
import { readBodyValue } from './read-body.ts';
import { readParameter } from './read-parameters.ts';
import { decoded } from './router.ts';

/** Which rules of the contract a request breaks. */
export interface Violation {
  readonly kind: 'unauthorized' | 'unsupported-type' | 'invalid';
  /** In words, at least one. */
  readonly reasons: readonly string[];
}

/** Checks requests against the rules of one contract. */
export interface RequestRules {
  /** Undefined where the request keeps the rules. */
  check(
    operation: Operation,
    request: MockRequest,
    params: ReadonlyMap<string, string>,
    strictToken: boolean,
  ): Promise<Violation | undefined>;
}

/** Makes the rules of a contract: credentials first, then the type of the body, then its content and the parameters. */
export function createRequestRules(contract: Contract, checker: Checker): RequestRules {
  return {
    async check(operation, request, params, strictToken) {
      const schemes = missingCredentials(operation, request, strictToken);
      if (schemes.length > 0) {
        const names = schemes.map(({ credential }) => credential?.name ?? 'credentials');
        const reasons = [`Request without ${names.join(' and ')}`];
        return { kind: 'unauthorized', reasons };
      }
      const body = await checkBody(operation, request);
      if (body?.kind === 'unsupported-type') return body;
      const reasons = [
        ...(body?.reasons ?? []),
        ...operation.parameters.flatMap((parameter) =>
          checkParameter(parameter, operation, request, params),
        ),
      ];
      return reasons.length > 0 ? { kind: 'invalid', reasons } : undefined;
    },
  };

  async function checkBody(
    { requestBody }: Operation,
    { headers, text, bytes, undecoded }: MockRequest,
  ): Promise<Violation | undefined> {
    if (undecoded) return undecoded;
    if (text === undefined || text === '') {
      if (!requestBody?.required) return undefined;
      return { kind: 'invalid', reasons: ['Request body is missing'] };
    }
    const type = headers['content-type'];
    const content = requestBody?.content ?? [];
    const documented = type === undefined ? content[0] : findDocumentedType(content, type);
    if (!documented) {
      const reason = requestBody
        ? `Request body of type ${type ?? 'unknown'}; the contract takes ${content.map(({ mediaType }) => mediaType).join(', ')}`
        : 'Request with a body; the contract has none for it';
      return { kind: 'unsupported-type', reasons: [reason] };
    }
    const read = await readBodyValue(contract, documented, type ?? documented.mediaType, {
      text,
      bytes,
    });
    if (read.kind === 'unreadable') {
      return { kind: 'invalid', reasons: [`Request body ${read.reason}`] };
    }
    if (read.kind === 'opaque' || !documented.schema) return undefined;
    const problems = checker(documented.schema, 'request')(read.value);
    if (problems.length === 0) return undefined;
    const reasons = problems.slice(0, TELLING).map((problem) => `Request body ${problem}`);
    return { kind: 'invalid', reasons };
  }

  function checkParameter(
    parameter: Parameter,
    operation: Operation,
    request: MockRequest,
    params: ReadonlyMap<string, string>,
  ): string[] {
    const { name, in: place, schema, required } = parameter;
    const meanings = readParameter(contract, parameter, request, params, operation.parameters);
    const what = `Request ${place} parameter ${name}`;
    if (meanings.length === 0) return required ? [`${what} is missing`] : [];
    if (place === 'path' && decoded(params.get(name) ?? '') === undefined)
      return [`${what} has an escape that is no UTF-8`];
    if (parameter.allowEmptyValue && meanings.includes('')) return [];
    const check = checker(schema, 'request');
    const problems = meanings.map(check);
    if (problems.some((lines) => lines.length === 0)) return [];
    const inner = problems[0]?.filter(
      (line) => /^[\w$-]+(\/[\w$-]+)* /.test(line) && typeof meanings[0] === 'object',
    );
    const limits = describeLimits(followSchema(contract, schema));
    const detail = inner?.length ? ` (${inner.slice(0, TELLING).join('; ')})` : '';
    return [`${what} must be ${limits}${detail}`];
  }
}
