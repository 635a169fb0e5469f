// What the servers of this folder that run on Node have in common: sessions in memory, and the rules of the contract.
import { createServer } from 'node:http';

const TENANTS = { 'main-token-1234': 'main', 'second-token-5678': 'second', 'late-token-90': '' };
const ID = /^[A-Za-z0-9-]{1,36}$/;

const sessions = new Map();
const states = new Map();
let prepared = 0;
let broken = false;

export const fail = (status, message) => ({
  status,
  body: { error_code: `demo.0${status}`, error_msg: message },
});

/** Ends a session, or gives the reason that it did not. `body` is a text; `type` its Content-Type. */
export function endSession({ token, workspace, id, body = '', type = '' }) {
  const tenant = TENANTS[token];
  if (tenant === undefined) return fail(401, 'who are you?');
  if (tenant === '') {
    const [message, title] = ['this tenant is suspended', 'Forbidden'];
    const error = { code: '403', message, title };
    return { status: 403, body: { error, error_code: 403, error_msg: message, title } };
  }
  if (!ID.test(workspace) || !ID.test(id)) return fail(400, 'not an id');
  if (body !== '' && !isEmptyObject(body, type))
    return fail(400, 'send nothing, or an empty object');
  if (broken) return fail(500, 'something failed');
  const session = sessions.get(id);
  if (session?.tenant !== tenant || workspace !== `${tenant}-space`)
    return fail(404, 'no such session');
  if (session.stuck) return fail(408, 'it did not end in time');
  sessions.delete(id);
  return { status: 200 };
}

function isEmptyObject(text, type) {
  try {
    const value = JSON.parse(text);
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    return /^application\/json\s*(;|$)/i.test(type) && plain && Object.keys(value).length === 0;
  } catch {
    return false;
  }
}

/** What a 401 and a 405 must say. */
export const headersOf = ({ status }) => ({
  ...(status === 401 && { 'WWW-Authenticate': 'Token realm="demo"' }),
  ...(status === 405 && { Allow: 'DELETE' }),
});

/** More than one Host, or none: a request that two servers could read differently. */
export const isDoubtful = (request) =>
  request.httpVersion === '1.1' && (request.headersDistinct.host?.length ?? 0) !== 1;

/** Serves setup-protocol.yaml beside the server, and prints both URLs. */
export function announce(url) {
  const control = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { status, body } = respond(request.method, request.url.split('/').slice(1), text);
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  });
  control.listen(0, '127.0.0.1', () => {
    console.log(`ready ${url} http://127.0.0.1:${control.address().port}`);
  });
}

function respond(method, [what, id, more], text) {
  if (what === 'runs' && method === 'POST') {
    const capabilities = ['live', 'stuck', 'innerFault', 'secondTenant', 'forbidden'];
    const tokens = { token: 'main-token-1234', secondToken: 'second-token-5678' };
    return {
      status: 200,
      body: { capabilities, ...tokens, requiresToken: true, retries: 'not-found' },
    };
  }
  if (what === 'states' && method === 'POST' && more === undefined) {
    const { state } = JSON.parse(text);
    const tenant = state === 'secondTenant' ? 'second' : 'main';
    const session = `Open-${++prepared}-a0`;
    sessions.set(session, { tenant, stuck: state === 'stuck' });
    states.set(session, state);
    broken = state === 'innerFault';
    const params = { workspace_id: `${tenant}-space`, session_id: session };
    const token = state === 'forbidden' ? { token: 'late-token-90' } : {};
    return { status: 201, body: { id: session, params, open: true, ...token } };
  }
  if (more === 'recover') {
    broken = false;
    const session = sessions.get(id);
    if (session) session.stuck = false;
  } else if (what === 'states' && method === 'GET') {
    return { status: 200, body: { open: sessions.has(id) } };
  } else if (what === 'states') sessions.delete(id);
  return { status: 204 };
}
