import type { ServerResponse } from 'node:http';
import type { FaultKind } from '../play/fault-kind.ts';
import type { Answer } from './problem.ts';

const GATEWAY_PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';

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
    const body = answer.body ?? '{"error_code":"common.0000';
    const length = String(Buffer.byteLength(body) + 64);
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...headers,
      ...answer.headers,
      'content-length': length,
    });
    response.write(body.slice(0, Math.ceil(body.length / 2)), () => socket?.destroy());
    return answer.status;
  }
  // A stalled call hangs until its client gives up or the mock is closed.
  if (kind === 'reset') socket?.resetAndDestroy();
  return null;
}
