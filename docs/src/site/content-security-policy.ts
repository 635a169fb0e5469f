import { createHash } from 'node:crypto';

/**
 * The policy of a page. Inline code runs only if its hash is listed; nothing but the try-it panel may talk to
 * another path, and only to the one its reader types.
 */
export function contentSecurityPolicy({
  scripts,
  styles,
  anyOrigin,
}: {
  scripts: readonly string[];
  styles: readonly string[];
  anyOrigin: boolean;
}): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${scripts.map(hash).join(' ')}`.trim(),
    `style-src 'self' ${styles.map(hash).join(' ')}`.trim(),
    "img-src 'self' data:",
    // Redoc's view brings an icon font of its own inside its script.
    'font-src data:',
    `connect-src 'self'${anyOrigin ? ' http: https:' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
