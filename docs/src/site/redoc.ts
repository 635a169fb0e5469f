import { readFile } from 'node:fs/promises';

/** It sends nothing to its vendor. */
export const REDOC_OPTIONS = { disableTelemetry: true, scrollYOffset: 56 };

/** The credit in Redoc's menu is a picture on its vendor's host; this drawing of its name takes the place. */
const CREDIT = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15" font-family="sans-serif" font-size="14" fill="#808080">Redoc</text></svg>',
)}`;

/** Redoc's renderer as one ES module that exports `hydrate`, as the command-line tool brings it along. */
export async function readRedoc(): Promise<string> {
  const tool = import.meta.resolve('@redocly/cli/package.json');
  const script = await readFile(new URL('lib/chunks/redoc.standalone.js', tool), 'utf8');
  return script
    .replaceAll('https://cdn.redoc.ly/redoc/logo-mini.svg', CREDIT)
    .replaceAll('https://cdn.redoc.ly/redoc/logo-mini-full.svg', CREDIT);
}
