import type { ServerResponse } from 'node:http';
import { canHaveBody } from '@sql-sessions/contract/model';
import type { FaultKind } from '../behavior/fault-kind.ts';
import { GATEWAY_PAGE, halfOf } from '../behavior/fault-parts.ts';
import type { MockResponse } from '../http/message.ts';
import { withOwnHeaders } from './cors.ts';

/**
 * Sends a fault on the connection of a response.
 * @param extra CORS headers: a browser shows a page nothing of a response without them
 * @returns what was sent, if anything was
 */
export function sendFault(
  response: ServerResponse,
  kind: FaultKind,
  { status, headers, body }: MockResponse,
  extra: Record<string, string>,
): MockResponse | null {
  const { socket } = response;
  if (kind === 'html502') {
    const page = { 'content-type': 'text/html' };
    response.writeHead(502, { ...extra, ...page }).end(GATEWAY_PAGE);
    return { status: 502, headers: page, body: GATEWAY_PAGE };
  }
  if (kind === 'truncate') {
    const { sent, announced } = halfOf(body);
    // A status that has no body by its nature could not be cut short.
    const shown = canHaveBody('GET', status) ? status : 200;
    const all = { 'content-type': 'application/json', ...headers };
    const length = { 'content-length': String(announced) };
    response.writeHead(
      shown,
      withOwnHeaders({ ...all, ...length }, extra) as Record<string, string>,
    );
    response.write(sent, () => socket?.destroy());
    return { status: shown, headers: all, body: sent };
  }
  // A stalled call hangs until its client gives up or the mock is closed.
  if (kind === 'reset') socket?.resetAndDestroy();
  return null;
}
