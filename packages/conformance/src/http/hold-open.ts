import { type Endpoint, open } from './endpoint.ts';

export interface HeldConnections {
  /** Breaks all of them off in the middle of their requests. */
  release(): void;
}

/** Opens connections that send the beginning of a request and then nothing more. */
export async function holdOpen(
  endpoint: Endpoint,
  bytes: Buffer,
  count: number,
): Promise<HeldConnections> {
  const opened = await Promise.allSettled(Array.from({ length: count }, () => open(endpoint)));
  const sockets = opened.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write(bytes);
  }
  return {
    release() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
