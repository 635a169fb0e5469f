import type { ServerResponse } from 'node:http';
import type { FaultKind } from '../play/fault-kind.ts';
import { GATEWAY_PAGE, halfOf } from '../play/fault-parts.ts';
import type { Answer } from './problem.ts';

/**
 * Plays a fault on the connection of a response.
 * @param headers CORS headers: a browser shows a page nothing of an answer without them
 * @returns the status that was sent, if one was
 */
export function sendFault(
  response: ServerResponse,
  kind: FaultKind,
  answer: Answer,
  headers: Record<string, string>,
): number | null {
  const { socket } = response;
  if (kind === 'html502') {
    response.writeHead(502, { ...headers, 'content-type': 'text/html' });
    response.end(GATEWAY_PAGE);
    return 502;
  }
  if (kind === 'truncate') {
    const { sent, announced } = halfOf(answer.body);
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...headers,
      ...answer.headers,
      'content-length': String(announced),
    });
    response.write(sent, () => socket?.destroy());
    return answer.status;
  }
  // A stalled call hangs until its client gives up or the mock is closed.
  if (kind === 'reset') socket?.resetAndDestroy();
  return null;
}
