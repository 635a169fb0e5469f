import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { listen } from '@sql-sessions/testing/listen';
import type { Setup, SetupFunction, Subject } from '../../src/setup/setup.ts';
import { type Verification, type VerifyOptions, verify } from '../../src/verify.ts';
import {
  type Behavior,
  type Call,
  correct,
  error,
  type Reply,
  type Session,
  TOKENS,
} from './behavior.ts';
import { contract } from './contract.ts';

export interface TwinOptions {
  behavior?: Partial<Behavior>;
  http?: ServerOptions;
  /** Takes a request with two hosts. */
  lenientHost?: boolean;
  /** Changes the server itself, or puts another one in its place. */
  wrap?: (server: Server) => NetServer;
  /** What its setup declares. Default: true. */
  requiresToken?: boolean;
  /** What its setup declares. Default: not-found. */
  retries?: 'success' | 'not-found';
  /** Milliseconds that a request may take in a test of it, where a response is not expected at all. */
  timeout?: number;
  /** Milliseconds after which a response is late in a test of it. */
  responseTime?: number;
}

export interface Twin extends AsyncDisposable {
  url: string;
  setup: SetupFunction;
  /** Setup without the server that it is for: for tests that leave a capability out. */
  capabilities: Setup;
  /** Opens a session as its own program would. */
  open(tenant: string): Subject & { session: Session };
}

/** A small server that closes sessions which exist in its memory only. */
export async function startTwin({
  behavior: changed = {},
  http = {},
  wrap,
  lenientHost = false,
  requiresToken = true,
  retries = 'not-found',
}: TwinOptions = {}): Promise<Twin> {
  const behavior: Behavior = { ...correct, ...changed };
  const sessions: Session[] = [];
  let broken = false;
  let counter = 0;

  const inner = createServer({ requireHostHeader: true, ...http }, (request, response) => {
    void reply(request).then(
      (found) => found && behavior.send(found, response),
      () => behavior.send(behavior.fault(), response),
    );
  });
  inner.on('clientError', (problem: NodeJS.ErrnoException, socket) => {
    const status =
      problem.code === 'HPE_HEADER_OVERFLOW' ? '431 Headers Too Long' : '400 Bad Request';
    const body = JSON.stringify(error(400, 'twin.0400', 'this is not HTTP').body);
    if (!socket.writable) return socket.destroy();
    return socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });

  async function reply(request: IncomingMessage): Promise<Reply | undefined> {
    const call: Call = {
      request,
      method: behavior.methodOf(request),
      segments: behavior.split(request.url ?? ''),
      token: behavior.tokenOf(request),
    };
    const found = await decide(call);
    return found && behavior.finish(found, call, sessions);
  }

  async function decide(call: Call): Promise<Reply | undefined> {
    const { request } = call;
    if (!lenientHost && (request.headersDistinct.host?.length ?? 0) > 1)
      return error(400, 'twin.0400', 'which host?');
    const routed = behavior.route(call);
    if (routed) return routed;
    const [, , rawWorkspace = '', , rawSession = ''] = call.segments;
    const [workspace, id] = [behavior.decode(rawWorkspace), behavior.decode(rawSession)];
    let tenant = '';
    for (const step of behavior.order) {
      if (step === 'caller') {
        const caller = behavior.authenticate(call.token);
        if ('refusal' in caller) return caller.refusal;
        tenant = caller.tenant;
      } else if (step === 'ids') {
        for (const one of [workspace, id]) {
          if (one === undefined || !behavior.allows(one)) {
            return error(400, 'twin.0400', 'ids are 1 to 36 letters, digits or hyphens');
          }
        }
      } else {
        const body = await read(request, behavior.largestBody);
        if (!body) {
          return {
            ...error(413, 'twin.0413', 'the body is too long'),
            headers: { Connection: 'close' },
          };
        }
        const refused = behavior.judgeBody(body, request.headers['content-type']);
        if (refused) return refused;
      }
    }
    if (broken) return behavior.fault();
    const session = behavior.find(sessions, tenant, workspace ?? '', id ?? '');
    if (!session) return behavior.unknown(sessions, tenant, workspace ?? '', id ?? '');
    return behavior.close(session, sessions);
  }

  const server = wrap ? wrap(inner) : inner;
  const listening = await listen(server);

  const open = (tenant: string, stuck = false) => {
    counter++;
    const session: Session = {
      tenant,
      workspace: `${tenant}-ws`,
      id: `Session-${counter}-0a`,
      stuck,
    };
    sessions.push(session);
    return {
      session,
      params: { workspace_id: session.workspace, session_id: session.id },
      isOpen: async () => sessions.includes(session),
      release: async () => {
        const index = sessions.indexOf(session);
        if (index !== -1) sessions.splice(index, 1);
      },
    };
  };
  const subject = (tenant: string) => {
    const { session: _, ...rest } = open(tenant);
    return rest;
  };
  const capabilities: Setup = {
    token: TOKENS.main,
    requiresToken,
    retries,
    secrets: ['db-17-primary'],
    live: async () => subject('main'),
    stuck: async () => {
      const { session, ...stuck } = open('main', true);
      return {
        ...stuck,
        recover: async () => {
          session.stuck = false;
        },
      };
    },
    innerFault: async () => {
      broken = true;
      return {
        ...subject('main'),
        recover: async () => {
          broken = false;
        },
      };
    },
    secondTenant: { token: TOKENS.second, live: async () => subject('second') },
    forbidden: async () => ({ token: TOKENS.suspended, ...subject('main') }),
  };
  return {
    url: listening.url,
    setup: () => capabilities,
    capabilities,
    open,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      if (server !== inner) inner.close();
    },
  };
}

/** Checks a small server, with its own setup unless there is another. */
export function verifyTwin(
  twin: Twin,
  options: Partial<VerifyOptions> = {},
): Promise<Verification> {
  return verify({ baseUrl: twin.url, setup: twin.setup, contract, ...options });
}

/** The body; undefined where it is longer than allowed. */
async function read(request: IncomingMessage, largest: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
