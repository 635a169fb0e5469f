import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  type Contract,
  canHaveBody,
  isJson,
  type Operation,
  responseFor,
} from '@sql-sessions/contract/model';
import type { Upstream } from './behavior/behavior.ts';
import { findDocumentedType } from './http/media-type.ts';
import type { MockRequest, MockResponse } from './http/message.ts';
import { beginRequest } from './http/node-http.ts';
import { problemResponse } from './http/problem.ts';
import { type Checker, TELLING } from './schemas/checker.ts';

/** Headers of one connection, which are not for the next (RFC 9110, 7.6.1), and what is said of the request itself. */
const HOP =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|x-mock-space|accept-encoding|expect)$/i;

/** Milliseconds in which the server must respond. */
const TIME_LIMIT = 30_000;

/** Sends requests to the server at a URL, and says what of its responses a contract does not cover. */
export function createUpstream(
  root: URL,
  served: () => { contract: Contract; checker: Checker },
): Upstream {
  // Tells this mock from others in `Via` (RFC 9110, 7.6.3).
  const name = `mock-${crypto.randomUUID()}`;
  return async (request, operation) => {
    if (request.headers.via?.includes(name)) {
      return failed(
        508,
        'upstream-loop',
        `${root} leads back to this mock; choose another server.`,
      );
    }
    let response: MockResponse;
    try {
      response = await forward(root, request, name);
    } catch (error) {
      const { message, cause, code } = error as NodeJS.ErrnoException & { cause?: Error };
      return failed(
        502,
        'no-upstream',
        `${root} did not respond: ${cause?.message || message || code}`,
      );
    }
    const { checker } = served();
    return { response, reasons: operation ? checkResponse(operation, response, checker) : [] };
  };
}

function failed(status: number, name: string, reason: string) {
  const detail = `The upstream server ${reason}`;
  return {
    response: problemResponse({ status, name, title: 'No upstream', detail }),
    reasons: [detail],
  };
}

async function forward(root: URL, request: MockRequest, name: string): Promise<MockResponse> {
  const { method, target, text = '', bytes, encoded } = request;
  const body = encoded ?? bytes ?? Buffer.from(text);
  const { via } = request.headers;
  const headers: Record<string, string | number> = {
    ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP.test(name))),
    'accept-encoding': 'identity',
    via: via === undefined ? `1.1 ${name}` : `${via}, 1.1 ${name}`,
    ...((request.text !== undefined || /^(POST|PUT|PATCH)$/.test(method)) && {
      'content-length': body.length,
    }),
  };
  const sent = beginRequest(root, {
    method,
    path: root.pathname.replace(/\/+$/, '') + target,
    headers,
    signal: AbortSignal.timeout(TIME_LIMIT),
  });
  // Before the response it rejects what waits for that, and afterwards the body tells.
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const received = Buffer.concat(await response.toArray());
  const { statusCode: status = 502 } = response;
  const { 'content-length': length } = response.headers;
  const kept = Object.entries(response.headers).filter(([name]) => !HOP.test(name));
  // To a HEAD, it is that of the body which a GET would get.
  const framing =
    length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length };
  return {
    status,
    headers: {
      ...(Object.fromEntries(kept) as MockResponse['headers']),
      ...(method === 'HEAD' && canHaveBody('GET', status) && framing),
    },
    body: received.length === 0 ? undefined : isUtf8(received) ? received.toString() : received,
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
  if (headers['content-encoding'] !== undefined)
    return [...missing, 'Response body has a Content-Encoding and is not checked'];
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
