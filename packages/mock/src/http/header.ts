/** Whether HTTP can carry it as the name of a header (RFC 9110, 5.6.2). */
export function isToken(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}

/** Headers that say how bytes travel, which is for the server that sends them. */
export const FRAMING =
  /^(connection|content-length|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

/** Text as a header can carry it: what is beyond Latin-1, or moves a line, is percent-encoded. */
export function headerSafe(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/gu, (character) =>
    encodeURIComponent(character.toWellFormed()),
  );
}
