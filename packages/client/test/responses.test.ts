import { describe, expect, test } from 'vitest';
import { ApiError, createSessionsClient, unwrap } from '../src/index.ts';
import { CLOSE, documented, ERRORS, IDS, reasonOf } from './examples.ts';
import { type Fault, PATIENCE, playFaults } from './fault-server.ts';

async function closeOnce(fault: Fault, options: { timeout?: number } = {}) {
  await using server = await playFaults([fault]);
  const client = createSessionsClient({ baseUrl: server.baseUrl, maxAttempts: 1, ...options });
  return await client.closeSession(IDS);
}

/** A success that the contract does not document. */
const other = [202, 201, 203, 206, 207].find((status) => !(status in CLOSE.responses)) ?? 208;

describe('success is a matter of the status, whatever the body', () => {
  test.each<[string, Fault, number]>([
    ['an empty 200', { status: 200 }, 200],
    ['a 200 with a JSON body', { status: 200, body: { closed: true } }, 200],
    [
      'an empty 200 that is called HTML',
      { status: 200, headers: { 'content-type': 'text/html' } },
      200,
    ],
    ['a 200 that breaks off', { resetAfterHeaders: 200 }, 200],
    ['a 200 that stalls', { stalledBody: 200 }, 200],
    [`${other}`, { status: other, body: { job: 7 } }, other],
    ['204', { status: 204 }, 204],
  ])('%s', async (_, fault, httpStatus) => {
    expect(await closeOnce(fault)).toMatchObject({
      ok: true,
      status: 200,
      httpStatus,
      body: undefined,
      attempts: 1,
    });
  });
});

describe('documented errors', () => {
  test.each([400, 401, 403, 404, 408, 500] as const)('%i', async (status) => {
    const result = await closeOnce(documented(status, { 'x-request-id': 'r-1', 'x-extra': 'e' }));
    expect(result).toMatchObject({
      ok: false,
      status,
      httpStatus: status,
      body: ERRORS[status],
      requestId: 'r-1',
      headers: { 'x-extra': 'e' },
      attempts: 1,
    });
  });

  test('fields that are not documented stay', async () => {
    const body = { ...ERRORS[404], solution_msg: 'check the id', extra: [1] };
    expect(await closeOnce({ status: 404, body })).toMatchObject({ status: 404, body });
  });

  test('a content type with a charset', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    const result = await closeOnce({ status: 404, headers, body: JSON.stringify(ERRORS[404]) });
    expect(result.status).toBe(404);
  });
});

describe('responses not covered by the contract', () => {
  const json = { 'content-type': 'application/json' };
  const cases: [string, Fault, object][] = [
    [
      'a page with a documented success',
      { html: 200 },
      { reason: 'content-type', httpStatus: 200 },
    ],
    ['an empty 500', { status: 500 }, { reason: 'empty-body', httpStatus: 500, snippet: '' }],
    [
      '420',
      { status: 420, body: { a: 1 } },
      { reason: reasonOf(420, 'invalid-body'), snippet: '{"a":1}' },
    ],
    [
      'HTML from a gateway',
      { html: 502 },
      {
        reason: reasonOf(502, 'content-type'),
        httpStatus: 502,
        snippet: '<html> <h1>Bad gateway</h1></html>',
      },
    ],
    ['HTML with a documented status', { html: 404 }, { reason: 'content-type', httpStatus: 404 }],
    [
      'problem+json',
      { status: 404, headers: { 'content-type': 'application/problem+json' }, body: '{}' },
      { reason: 'content-type' },
    ],
    [
      'broken JSON',
      { status: 403, headers: json, body: '{"error_code":' },
      { reason: 'invalid-body', snippet: '{"error_code":' },
    ],
    ['JSON of a gateway', { status: 403, body: { message: 'no' } }, { reason: 'invalid-body' }],
    ['JSON null', { status: 500, headers: json, body: 'null' }, { reason: 'invalid-body' }],
    ['a JSON list', { status: 500, headers: json, body: '[1]' }, { reason: 'invalid-body' }],
    ['a JSON text', { status: 500, headers: json, body: '"no"' }, { reason: 'invalid-body' }],
    ['a bare 408', 'bare 408', { reason: 'empty-body', httpStatus: 408 }],
    ['a truncated body', { truncated: 500 }, { reason: 'incomplete-body', httpStatus: 500 }],
    ['a reset body', { resetAfterHeaders: 404 }, { reason: 'incomplete-body', httpStatus: 404 }],
    ['an unknown 4xx', { status: 418 }, { reason: reasonOf(418, 'empty-body'), httpStatus: 418 }],
    ['a body of 64 KiB and one byte', huge(65_537), { reason: 'too-large', httpStatus: 404 }],
  ];
  test.each(cases)('%s', async (_, fault, expected) => {
    const result = await closeOnce(fault);
    expect(result).toMatchObject({ ok: false, status: 'unexpected', attempts: 1, ...expected });
    await expect(unwrap(result)).rejects.toMatchObject({ code: `${result.httpStatus}` });
  });

  test('a body that stalls does not unsay the status', async () => {
    expect(await closeOnce({ stalledBody: 404 }, { timeout: PATIENCE })).toMatchObject({
      status: 'unexpected',
      reason: 'incomplete-body',
      httpStatus: 404,
      snippet: '{"error_code":"common.',
    });
  });

  test('a body of exactly 64 KiB is read', async () => {
    expect(await closeOnce(huge(65_536))).toMatchObject({ status: 404 });
  });

  test('the snippet is one short line', async () => {
    const result = await closeOnce({ status: 503, body: `a\r\n\u0007\t b${'c'.repeat(500)}` });
    expect(result).toMatchObject({ snippet: `a b${'c'.repeat(197)}` });
  });

  test.each(['x-request-id', 'request-id', 'x-amzn-requestid', 'x-correlation-id', 'x-trace-id'])(
    'the request id in %s',
    async (name) => {
      expect(await closeOnce({ status: 502, headers: { [name]: 'r-2' } })).toMatchObject({
        requestId: 'r-2',
      });
    },
  );
});

/** A 404 whose JSON body has exactly so many bytes. */
function huge(bytes: number): Fault {
  const short = JSON.stringify({ ...ERRORS[404], pad: '' });
  return { status: 404, body: { ...ERRORS[404], pad: 'x'.repeat(bytes - short.length) } };
}

describe('unwrap', () => {
  test('resolves to the success', async () => {
    expect(await unwrap(closeOnce({ status: 200 }))).toMatchObject({ ok: true, status: 200 });
  });

  test('throws one class for every other result', async () => {
    const body = { ...ERRORS[404], solution_msg: 'check the id' };
    const headers = { 'x-request-id': 'r-1' };
    const result = await closeOnce({ status: 404, headers, body });
    const error = await unwrap(result).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name: 'ApiError',
      httpStatus: 404,
      operation: 'closeSession',
      method: 'DELETE',
      path: '/v1/workspaces/w-1/sessions/s-1',
      code: 'common.01000001',
      message:
        'DELETE /v1/workspaces/w-1/sessions/s-1 responded 404 (common.01000001): response status exception, code: 404',
      solution: 'check the id',
      requestId: 'r-1',
      attempts: 1,
      cause: result,
    });
  });

  test('the code is a string where the service sends a number', async () => {
    await expect(unwrap(closeOnce(documented(403)))).rejects.toMatchObject({
      httpStatus: 403,
      code: '403',
      message:
        'DELETE /v1/workspaces/w-1/sessions/s-1 responded 403: X-Auth-Token is invalid in the request',
      solution: undefined,
    });
  });

  test('says what came instead of a documented result', async () => {
    await expect(unwrap(closeOnce({ html: 502 }))).rejects.toMatchObject({
      httpStatus: 502,
      code: '502',
      message: `DELETE /v1/workspaces/w-1/sessions/s-1 responded 502, not as documented (${reasonOf(502, 'content-type')}): <html> <h1>Bad gateway</h1></html>`,
    });
  });
});
