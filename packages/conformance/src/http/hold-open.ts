import { once } from 'node:events';
import { open } from './exchange.ts';

export interface HeldConnections {
  /** Breaks all of them off in the middle of their requests. */
  release(): void;
}

/** Opens connections that send the beginning of a request and then nothing more. */
export async function holdOpen(base: URL, bytes: Buffer, count: number): Promise<HeldConnections> {
  const sockets = Array.from({ length: count }, () => open(base));
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(
    sockets.map(async (socket) => {
      await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined);
      socket.write(bytes);
    }),
  );
  return {
    release() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
