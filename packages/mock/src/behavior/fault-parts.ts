/** What a gateway shows whose server does not respond. */
export const GATEWAY_PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';

/** The half of a body that arrives before its connection breaks, and the bytes that were announced. */
export function halfOf(body: string | Uint8Array | undefined): { sent: string; announced: number } {
  const whole = String(body ?? '') || '{"truncated":"by the mock"}';
  return { sent: whole.slice(0, Math.ceil(whole.length / 2)), announced: whole.length * 4 + 64 };
}
