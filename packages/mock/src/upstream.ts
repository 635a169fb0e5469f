import { isUtf8 } from 'node:buffer';
import { type Contract, isJson, type Operation, responseFor } from '@sql-sessions/contract/model';
import type { Upstream } from './behavior/behavior.ts';
import { findDocumentedType } from './http/media-type.ts';
import type { MockRequest, MockResponse } from './http/message.ts';
import { problemResponse } from './http/problem.ts';
import { type Checker, TELLING } from './schemas/checker.ts';

/** Headers of one connection, which are not for the next (RFC 9110, 7.6.1), and what `fetch` writes itself. */
const HOP =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|x-mock-space|accept-encoding|expect)$/i;

/** What `fetch` has decoded. */
const DECODED = /^(content-encoding|set-cookie)$/i;

/** Milliseconds in which the server must respond. */
const TIME_LIMIT = 30_000;

/** Sends requests to the server at a URL, and says what of its responses a contract does not cover. */
export function createUpstream(
  base: string,
  served: () => { contract: Contract; checker: Checker },
): Upstream {
  const root = base.replace(/\/+$/, '');
  return async (request, operation) => {
    let response: MockResponse;
    try {
      response = await forward(root, request);
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error };
      const detail = `The upstream server ${root} did not respond: ${cause?.message ?? message}`;
      return {
        response: problemResponse({
          status: 502,
          name: 'no-upstream',
          title: 'No upstream',
          detail,
        }),
        reasons: [detail],
      };
    }
    const { checker } = served();
    return { response, reasons: operation ? checkResponse(operation, response, checker) : [] };
  };
}

async function forward(root: string, request: MockRequest): Promise<MockResponse> {
  const { method, path, search, text, bytes, encoded } = request;
  const headers = Object.entries(request.headers).filter(([name]) => !HOP.test(name));
  const response = await fetch(root + path + (search === '' ? '' : `?${search}`), {
    method,
    headers: Object.fromEntries(headers),
    ...(text !== undefined &&
      method !== 'GET' &&
      method !== 'HEAD' && { body: encoded ?? bytes ?? text }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIME_LIMIT),
  });
  const kept = [...response.headers].filter(([name]) => !HOP.test(name) && !DECODED.test(name));
  const cookies = response.headers.getSetCookie();
  const body = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    headers: { ...Object.fromEntries(kept), ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    body: body.length === 0 ? undefined : isUtf8(body) ? body.toString('utf8') : body,
  };
}

function checkResponse(
  operation: Operation,
  { status, headers, body }: MockResponse,
  checker: Checker,
): string[] {
  const documented = responseFor(operation, status);
  if (!documented) return [`Response status ${status} is not documented`];
  const missing = documented.headers
    .filter(({ name, required }) => required && headers[name.toLowerCase()] === undefined)
    .map(({ name }) => `Response header ${name} is missing`);
  if (documented.content.length === 0 || body === undefined) return missing;
  const type = String(headers['content-type'] ?? '');
  const media = findDocumentedType(documented.content, type);
  if (!media) return [...missing, `Response body of type ${type || 'unknown'} is not documented`];
  if (!media.schema || !isJson(type)) return missing;
  try {
    const problems = checker(media.schema, 'response')(JSON.parse(String(body)));
    return [...missing, ...problems.slice(0, TELLING).map((problem) => `Response body ${problem}`)];
  } catch {
    return [...missing, 'Response body is not JSON'];
  }
}
