import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { isJson, type MediaType, type Operation, responseFor } from '@sql-sessions/contract/model';
import { startMock } from '@sql-sessions/mock';
import { writeContract } from '@sql-sessions/testing/contracts';
import { temporaryFolder } from '@sql-sessions/testing/packages';
import { start } from '@sql-sessions/testing/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleNames } from '../src/behavior/documented.ts';
import { prepareContract } from '../src/contract/load-contract.ts';
import { createRouter } from '../src/contract/router.ts';
import { readTarget } from '../src/http/target.ts';
import type { Checker } from '../src/schemas/checker.ts';
import { type GeneratedRequest, generateRequest } from './support/generate-request.ts';
import { Random } from './support/random.ts';
import { type Received, send } from './support/send.ts';
import { wholeFamily } from './support/whole-family.ts';

const SEED = 20_261_124;
const COUNT = 2500;

interface Compared {
  sent: GeneratedRequest;
  ours: Received;
  prisms: Received;
  /** Undefined where the contract has none for the request. */
  operation: Operation | undefined;
}

/** Where our mock means to respond otherwise than plain Prism does, and why. */
const DELIBERATE: {
  name: string;
  reason: string;
  /** True where it takes an operation that not every contract has, or a request that not every series has. */
  rare?: boolean;
  applies(compared: Compared): boolean;
}[] = [
  {
    name: 'not in the contract',
    reason:
      'A page at / is the panel; another unknown path or method is marked as the mock’s own, lists what there is, and names the methods in Allow; it is looked at before any wish for a response.',
    applies: ({ sent, ours }) =>
      (sent.target.split('?')[0] === '/' && ours.headers.location === './__mock/') ||
      (ours.status === 404 && ours.headers['x-mock-error'] === 'unknown-path') ||
      (ours.status === 405 &&
        ours.headers['x-mock-error'] === 'method-not-allowed' &&
        ours.headers.allow !== undefined),
  },
  {
    name: 'escaped dots',
    reason:
      'An id that is an escaped dot or two is refused by the rule of the contract; Prism lets a URL parser climb a folder for it.',
    applies: ({ sent, ours, prisms }) =>
      /\/(%2e|\.){1,2}(?=[/?]|$)/i.test(sent.target) &&
      ours.status !== 404 &&
      [404, 405].includes(prisms.status),
  },
  {
    name: 'unknown wish',
    reason:
      'A status or an example that the contract does not have is refused with 422 and a list, where Prism sends a 404 that looks real, or ignores the name.',
    applies: ({ ours }) =>
      /^(unknown-status|unknown-example|bad-preference)$/.test(
        String(ours.headers['x-mock-error']),
      ),
  },
  {
    name: 'example without status',
    reason: 'The name of an example picks the status that it belongs to; Prism ignores it.',
    applies: ({ sent, ours, operation }) => {
      const { code, example } = wishOf(sent);
      const response = operation && responseFor(operation, ours.status);
      return (
        code === undefined &&
        example !== undefined &&
        response !== undefined &&
        exampleNames(response).includes(example)
      );
    },
  },
  {
    name: 'the wanted status counts for more than Accept',
    rare: true,
    reason: 'With Accept: text/html, Prism sends 200 where an error status was asked for.',
    applies: ({ sent, ours, prisms }) =>
      sent.headers.accept !== undefined &&
      prisms.status === 200 &&
      Number(wishOf(sent).code) === ours.status,
  },
  {
    name: 'a response without a body has no type',
    reason: 'Prism sends text/plain with nothing in it.',
    applies: ({ ours, prisms }) =>
      ours.status === prisms.status &&
      ours.body === '' &&
      prisms.body === '' &&
      ours.headers['content-type'] === undefined,
  },
  {
    name: 'a refusal that the contract does not document',
    rare: true,
    reason: 'The status is the same, the explanation is each mock’s own.',
    applies: ({ ours, prisms }) =>
      ours.status === prisms.status &&
      ours.body.includes('urn:sql-sessions:mock:') &&
      prisms.body.includes('https://stoplight.io/prism/errors#'),
  },
  {
    name: 'null, false, 0 and an empty string are bodies',
    rare: true,
    reason: 'Prism takes them, sent as JSON, for no body, even before it looks at the type.',
    applies: ({ sent, ours, prisms }) =>
      /^(null|false|0|"")$/.test(sent.body?.trim() ?? '') &&
      (ours.status === 415
        ? prisms.status === 422
        : ours.status === 400 &&
          (prisms.status < 300 || prisms.status === Number(wishOf(sent).code))),
  },
  {
    name: 'what is made up keeps its schema',
    rare: true,
    reason: 'Prism sends what its generator makes, whatever the schema says.',
    applies: ({ ours, prisms, operation }) => {
      if (ours.status !== prisms.status || !operation) return false;
      const { content = [] } = responseFor(operation, ours.status) ?? {};
      const made = content.find(
        ({ mediaType, examples }) =>
          mediaType === ours.headers['content-type'] && examples.length === 0,
      );
      return made !== undefined && !keeps(made, prisms.body) && keeps(made, ours.body);
    },
  },
  {
    name: 'an event ends with an empty line',
    rare: true,
    reason: 'Prism cuts the last line break of text/event-stream, and with it the last event.',
    applies: ({ ours, prisms }) =>
      ours.headers['content-type'] === 'text/event-stream' &&
      ours.status === prisms.status &&
      ours.body === `${prisms.body}\n`,
  },
  {
    name: 'a body without a type has the documented one',
    rare: true,
    reason:
      'A receiver may look at the content (RFC 9110, 8.3); Prism checks its text as a string against the schema.',
    applies: ({ sent, prisms }) =>
      sent.body !== undefined &&
      sent.headers['content-type'] === undefined &&
      [400, 422].includes(prisms.status),
  },
  {
    name: 'credentials that nobody asked for',
    rare: true,
    reason:
      'An operation that takes calls without any takes them with an Authorization header too.',
    applies: ({ sent, ours, prisms, operation }) =>
      sent.headers.authorization !== undefined &&
      prisms.status === 401 &&
      ours.status !== 401 &&
      operation?.security.some(({ schemes }) => schemes.length === 0) === true,
  },
  {
    name: 'an Accept that cannot be satisfied',
    reason:
      'It gets the first type that is documented, unless the contract documents 406; a server may do so (RFC 9110, 12.5.1).',
    applies: ({ ours, prisms, operation }) =>
      prisms.body.includes('NOT_ACCEPTABLE') &&
      operation !== undefined &&
      responseFor(operation, ours.status) !== undefined,
  },
];

let prism: ReturnType<typeof start>;
let prismPort = 0;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let mock: Awaited<ReturnType<typeof startMock>>;
let checker: Checker;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  folder = await temporaryFolder();
  const document = await wholeFamily();
  // Prism takes them before those of a media type, which count for more (OpenAPI 3.1, 4.8.14).
  for (const schema of Object.values(document.components.schemas ?? {}))
    delete (schema as { examples?: unknown }).examples;
  const spec = await writeContract(folder.path, document);
  checker = prepareContract(document, 'both').checker;
  const bin = createRequire(import.meta.url).resolve('@stoplight/prism-cli/dist/index.js');
  // Started with node and not through npx, which would leave it running.
  prism = start(process.execPath, [bin, 'mock', '--port', '0', spec], { env: { NO_COLOR: '1' } });
  const ready = await prism.waitFor(/listening on http:\/\/127\.0\.0\.1:(\d+)/);
  prismPort = Number(ready[1]);
  mock = await startMock({ port: 0, spec });
});

afterAll(async () => {
  agent.destroy();
  await prism?.stop('SIGKILL');
  await mock?.close();
  await folder?.[Symbol.asyncDispose]();
});

test(`${COUNT} generated requests get what Prism sends, but for the deliberate differences`, {
  timeout: 240_000,
}, async () => {
  const random = new Random(SEED);
  const router = createRouter(mock.contract, 'both');
  const requests = Array.from({ length: COUNT }, () => generateRequest(random, mock.contract));
  const seen = new Map<string, number>();
  const unexplained: unknown[] = [];
  let equal = 0;

  async function compare(sent: GeneratedRequest) {
    const [prisms, ours] = await Promise.all([
      send(agent, prismPort, sent),
      send(agent, mock.port, sent),
    ]);
    // The second time, the mock remembers what it found.
    const second = await send(agent, mock.port, sent);
    expect(essence(second), 'what is remembered').toEqual(essence(ours));
    if (JSON.stringify(essence(ours)) === JSON.stringify(essence(prisms))) {
      equal += 1;
      return;
    }
    const { operation } = router(sent.method, readTarget(sent.target)?.path ?? '');
    const deliberate = DELIBERATE.find(({ applies }) => applies({ sent, ours, prisms, operation }));
    if (deliberate) seen.set(deliberate.name, (seen.get(deliberate.name) ?? 0) + 1);
    else unexplained.push({ sent, ours: essence(ours), prisms: essence(prisms) });
  }

  const queue = [...requests];
  const workers = Array.from({ length: 8 }, async () => {
    for (let next = queue.pop(); next && unexplained.length < 8; next = queue.pop()) {
      await compare(next);
    }
  });
  await Promise.all(workers);

  expect(unexplained).toEqual([]);
  const unseen = DELIBERATE.filter(({ name, rare }) => !rare && !seen.has(name));
  expect(unseen).toEqual([]);
  expect(equal).toBeGreaterThan(COUNT / 2);
});

/** Whether a body keeps the schema that it is documented with. */
function keeps({ schema, mediaType }: MediaType, body: string): boolean {
  const value = isJson(mediaType) ? JSON.parse(body) : body;
  return schema !== undefined && checker(schema, 'response')(value).length === 0;
}

/** What a response says to its caller. Connection and CORS headers and Prism’s undocumented sl-violations are not part of it. */
function essence({ status, headers, body }: Received) {
  return { status, type: headers['content-type'] ?? null, body };
}

function wishOf({ headers, target }: GeneratedRequest): {
  code?: string | undefined;
  example?: string | undefined;
} {
  const query = new URLSearchParams(target.split('?')[1]);
  const { prefer } = headers;
  if (!prefer) {
    return { code: query.get('__code') ?? undefined, example: query.get('__example') ?? undefined };
  }
  return { code: /code=(\d{3})/.exec(prefer)?.[1], example: /example=([^,;]*)/.exec(prefer)?.[1] };
}
