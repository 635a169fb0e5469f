import { readFile } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import { connect, createServer as createNet } from 'node:net';
import { join } from 'node:path';
import { listen } from '@sql-sessions/testing/listen';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { run } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type VerifyOptions, verify } from '../src/verify.ts';
import { correct, TOKENS } from './server/behavior.ts';
import { contract } from './server/contract.ts';
import { startTwin, type TwinOptions, verifyTwin } from './server/twin.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const pem = (name: string) => readFile(at(name), 'utf8');

/** A certificate that signs itself, `name.pem`, and its key, `name.key`. */
async function certify(name: string, address: string) {
  const made = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=${address}`],
    ...['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)],
  ]);
  expect(made.code, made.stderr).toBe(0);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await Promise.all([
    certify('server', 'IP:127.0.0.1'),
    certify('other', 'DNS:other.invalid'),
    certify('caller', 'DNS:caller.invalid'),
  ]);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** The small server behind TLS. */
async function startSecure(options: ServerOptions = {}, name = 'server') {
  const [cert, key] = await Promise.all([pem(`${name}.pem`), pem(`${name}.key`)]);
  const wrap: TwinOptions['wrap'] = (inner) => {
    const outer = createHttps({ requireHostHeader: true, cert, key, ...options });
    outer.on('request', (...pair) => inner.emit('request', ...pair));
    outer.on('clientError', (...pair) => inner.emit('clientError', ...pair));
    return outer;
  };
  const twin = await startTwin({ wrap });
  return { ...twin, url: twin.url.replace('http:', 'https:') };
}

const QUICK = ['success', 'unknown-id', 'smuggling-bad-length'];
const check = (twin: Awaited<ReturnType<typeof startTwin>>, more: Partial<VerifyOptions>) =>
  verifyTwin(twin, { only: QUICK, seed: 1, ...more });

describe('TLS', () => {
  test('an unknown certificate is refused in one sentence', async () => {
    await using twin = await startSecure();
    await expect(check(twin, {})).rejects.toMatchObject({
      kind: 'server',
      message: expect.stringMatching(
        /gave no response: .*Give the certificate authority with --ca, or add --insecure/,
      ),
    });
  });

  test('a certificate for another host is refused, and accepted with insecure', async () => {
    await using twin = await startSecure({}, 'other');
    const ca = at('other.pem');
    await expect(check(twin, { tls: { ca } })).rejects.toThrow(
      /gave no response: .*Its certificate is for another host/,
    );
    const { report } = await check(twin, { tls: { insecure: true } });
    expect(report).toMatchObject({ ok: true, summary: { passed: 3 } });
  });

  test('a certificate authority is read from a file, or is a text', async () => {
    await using twin = await startSecure();
    for (const ca of [at('server.pem'), await pem('server.pem')]) {
      const { report } = await check(twin, { tls: { ca } });
      expect(report).toMatchObject({ ok: true, summary: { passed: 3 } });
    }
  });

  test('a client certificate is sent, and asked for where it is missing', async () => {
    const ca = await pem('caller.pem');
    await using twin = await startSecure({ ca, requestCert: true, rejectUnauthorized: true });
    const server = at('server.pem');
    await expect(check(twin, { tls: { ca: server } })).rejects.toThrow(
      /asks for a client certificate: give one that it accepts with --cert and --key/,
    );
    const tls = { ca: server, cert: at('caller.pem'), key: at('caller.key') };
    const { report } = await check(twin, { tls });
    expect(report).toMatchObject({ ok: true, summary: { passed: 3 } });
  });

  test.for<[string, Record<string, string>, RegExp]>([
    ['a file that is not there', { ca: 'missing.pem' }, /^--ca missing\.pem cannot be read/],
    [
      'a key of another certificate',
      { cert: 'caller.pem', key: 'other.key' },
      /^--cert, --key cannot be used: .*Expected PEM/,
    ],
    [
      'a text that is not PEM',
      { cert: '-----BEGIN nothing', key: '-----BEGIN nothing' },
      /^--cert, --key cannot be used/,
    ],
  ])('%s is an input that is wrong', async ([, names, message]) => {
    const tls = Object.fromEntries(
      Object.entries(names).map(([name, file]) => [
        name,
        /missing|BEGIN/.test(file) ? file : at(file),
      ]),
    );
    await expect(verify({ baseUrl: 'https://127.0.0.1:1', contract, tls })).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringMatching(message),
    });
  });

  test('commands name the certificates, and run', async () => {
    const ca = await pem('caller.pem');
    const files = { ca: at('server.pem'), cert: at('caller.pem'), key: at('caller.key') };
    const only = ['unknown-id', 'header-host'];
    const expected = { 'unknown-id': [], 'header-host': [] };
    const broken = { find: () => undefined, unknown: () => ({ status: 200 }) };
    await using lax = await startTwin({ behavior: broken, lenientHost: true });
    await using front = await listen(
      createHttps({
        ca,
        requestCert: true,
        rejectUnauthorized: true,
        cert: await pem('server.pem'),
        key: await pem('server.key'),
      }).on('secureConnection', (socket) => {
        socket.pipe(connect(Number(new URL(lax.url).port), '127.0.0.1')).pipe(socket);
        socket.on('error', () => undefined);
      }),
    );
    for (const tls of [
      files,
      { ...files, insecure: true },
      { ca: await pem('server.pem'), cert: ca, key: await pem('caller.key') },
    ]) {
      const { report } = await verifyTwin(lax, {
        baseUrl: `https://${front.host}`,
        only,
        expected,
        tls,
        seed: 1,
      });
      const commands = report.checks.flatMap(({ findings }) => findings.slice(0, 1));
      expect(commands).toHaveLength(2);
      for (const { curl, response } of commands) {
        expect(curl).toMatch(/^curl .*--cacert|openssl s_client -quiet -CAfile/);
        const done = await run('sh', ['-c', curl ?? ''], {
          env: {
            SQL_SESSIONS_TOKEN: TOKENS.main,
            SQL_SESSIONS_CA: files.ca,
            SQL_SESSIONS_CERT: files.cert,
            SQL_SESSIONS_KEY: files.key,
          },
        });
        expect(done.stdout, `${curl}\n${done.stderr}`).toContain(response?.split('\n')[0]);
      }
    }
  });
});

/** A proxy that opens tunnels for who has the password, and counts them. */
async function startProxy(password?: string) {
  let tunnels = 0;
  const wanted = password && `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
  const proxy = createHttp((_, response) => response.writeHead(500).end());
  proxy.on('connect', ({ url = '', headers }, socket) => {
    socket.on('error', () => undefined);
    if (wanted && headers['proxy-authorization'] !== wanted)
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    tunnels++;
    const [host = '', port] = url.split(':');
    const there = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
  });
  return { ...(await listen(proxy)), tunnels: () => tunnels };
}

describe('a proxy', () => {
  test('is asked for a tunnel, with and without a password, for http and https', async () => {
    await using open = await startProxy();
    await using closed = await startProxy('5% wörd');
    await using plain = await startTwin();
    await using secure = await startSecure();
    const tls = { ca: at('server.pem') };
    for (const [twin, proxy, url] of [
      [plain, open, `http://${open.host}`],
      [secure, closed, `http://user:5%%20wörd@${closed.host}`],
    ] as const) {
      const { report } = await check(twin, { proxy: url, tls });
      expect(report.ok).toBe(true);
      expect(proxy.tunnels()).toBe(report.requests);
    }
  });

  test('that refuses, is away or says nothing ends the run in one sentence', async () => {
    await using twin = await startTwin();
    await using closed = await startProxy('word');
    await using silent = await listen(createNet(() => undefined));
    const fails = (proxy: string) => check(twin, { proxy, timeout: 300 });
    await expect(fails(`http://${closed.host}`)).rejects.toThrow(
      /gave no response: .*the proxy refused the tunnel: HTTP\/1\.1 407.* Correct --proxy/,
    );
    await expect(fails('http://127.0.0.1:1')).rejects.toThrow(/gave no response/);
    await expect(fails(`http://${silent.host}`)).rejects.toThrow(/no response in 300 ms/);
    await expect(fails('socks://127.0.0.1:1')).rejects.toThrow(/^The proxy is "socks:/);
  });

  test('is part of the commands, its password is not', async () => {
    await using proxy = await startProxy('pass word');
    await using lax = await startTwin({ behavior: { unknown: () => ({ status: 200 }) } });
    const url = `http://user:pass%20word@${proxy.host}`;
    const { report, har } = await check(lax, { proxy: url, only: ['unknown-id'] });
    const { curl } = report.checks[0]?.findings[0] ?? {};
    expect(JSON.stringify({ report, har })).not.toContain('pass%20word');
    const before = proxy.tunnels();
    const env = { SQL_SESSIONS_TOKEN: TOKENS.main, SQL_SESSIONS_PROXY_PASSWORD: 'pass%20word' };
    const done = await run('sh', ['-c', `${curl}`], { env });
    expect(done.stdout, `${curl}\n${done.stderr}`).toContain('HTTP/1.1 200 OK');
    expect(proxy.tunnels()).toBe(before + 1);
  });
});

describe('a gateway', () => {
  /** Lets through what has a header and a password. */
  const guarded = (name: string, value: string): TwinOptions => ({
    behavior: {
      route: (call) =>
        call.request.headers[name] === value
          ? correct.route(call)
          : { status: 403, raw: 'gateway' },
    },
  });

  test('gets its headers and its basic authentication with every request', async () => {
    for (const [name, value, more] of [
      ['x-env', 'test 1', { headers: { 'X-Env': 'test 1' } }],
      ['authorization', `Basic ${Buffer.from('é:ß').toString('base64')}`, { basicAuth: 'é:ß' }],
    ] as const) {
      await using twin = await startTwin(guarded(name, value));
      const { report, har } = await verifyTwin(twin, { ...more, seed: 1, runs: 1 });
      expect(report.ok).toBe(true);
      // What is no HTTP, and so has no headers, is a shape of its own.
      for (const { request, comment } of har.log.entries) {
        if (comment === 'request-line') continue;
        const text = JSON.stringify(request).toLowerCase();
        expect(text, comment).toContain(name);
      }
    }
  });

  test('a secret header is masked, and a header that is none refused', async () => {
    await using twin = await startTwin(guarded('x-gate-key', 'open sesame'));
    const headers = { 'X-Gate-Key': 'open sesame' };
    const { report, har } = await check(twin, { headers });
    expect(report.ok).toBe(true);
    expect(JSON.stringify({ report, har })).not.toContain('open sesame');
    for (const wrong of [{ 'X Env': 'a' }, { 'X-Env': 'a\r\nb' }])
      await expect(check(twin, { headers: wrong })).rejects.toThrow(
        /^The header "X.Env" is invalid/,
      );
  });
});

describe('limits', () => {
  test('a run that has used its time is cut short, which is not a success', async () => {
    await using twin = await startTwin();
    const { report } = await verifyTwin(twin, { maxTime: 1, seed: 1 });
    expect(report).toMatchObject({ ok: false, cutShort: 'the run has used its 0.001 s' });
    expect(report.checks.at(0)).toMatchObject({
      outcome: 'not-exercised',
      reason: 'the run has used its 0.001 s',
    });
    expect(report.failed).toEqual({ contract: 0, http: 0, hardening: 0 });
  });

  test('requests keep their distance', async () => {
    await using twin = await startTwin();
    const { har } = await check(twin, { rate: 50, only: ['unknown-id', 'body-broken-json'] });
    const starts = har.log.entries.map(({ startedDateTime }) => Date.parse(startedDateTime)).sort();
    const [first = 0] = starts;
    // Later than planned is fine; a timer may be a millisecond early.
    for (const [index, start] of starts.entries())
      expect(start - first).toBeGreaterThanOrEqual(index * 20 - 2);
  });

  test('a slow response is a finding of hardening, and none at all breaks the contract', async () => {
    const hangs = { behavior: { send: () => undefined } satisfies TwinOptions['behavior'] };
    await using twin = await startTwin({ behavior: { ...hangs.behavior } });
    await expect(check(twin, { timeout: 100 })).rejects.toThrow(/no response in 100 ms/);
    await using slow = await startTwin();
    const { report } = await check(slow, {
      responseTime: 1e-9,
      only: ['unknown-id', 'response-in-time'],
    });
    expect(report.ok).toBe(true);
    expect(report.failed).toEqual({ contract: 0, http: 0, hardening: 1 });
  });
});
