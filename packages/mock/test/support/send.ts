import { type Agent, request } from 'node:http';
import type { GeneratedRequest } from './generate-request.ts';

export interface Received {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends a request exactly as it is written: fetch would tidy its path. */
export function send(
  agent: Agent,
  port: number,
  { method, target, headers, body }: GeneratedRequest,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method,
        path: target,
        headers: {
          ...headers,
          ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    sent.on('error', (cause) =>
      reject(
        new Error(`port ${port}: ${method} ${target} ${JSON.stringify(headers)} ${body}`, {
          cause,
        }),
      ),
    );
    sent.end(body);
  });
}
