/**
 * Whether a host name is this very machine: `localhost`, names under it, `127.0.0.0/8` and `::1`.
 *
 * @param hostname as `URL` has it; `::1` may lack its brackets
 */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}
