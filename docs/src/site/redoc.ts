import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** The command-line tool that builds Redoc's view and compares contracts. */
export const REDOCLY = join(
  dirname(fileURLToPath(import.meta.resolve('@redocly/cli/package.json'))),
  'bin/cli.js',
);
/** It sends nothing and asks nobody whether there is a newer one. */
export const REDOCLY_ENVIRONMENT = {
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  NO_COLOR: '1',
};
const TEMPLATE = fileURLToPath(new URL('../redoc.hbs', import.meta.url));

export interface RedocBuild {
  /** The renderer as one ES module that exports `hydrate`. It is the same for every contract. */
  script: string;
  /** The same as it comes from the tool, before anything was taken out. */
  original: string;
  /** The options that `hydrate` was to be called with. */
  options: Record<string, unknown>;
}

/**
 * Has `redocly build-docs` build the page of a contract, offline and without telemetry, and takes the renderer
 * and its options out of it: inline in the page, 2.3 MB would stand before everything else and no strict
 * Content-Security-Policy would let them run.
 */
export async function buildRedoc(contract: string): Promise<RedocBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'sql-sessions-docs-'));
  try {
    const output = join(folder, 'index.html');
    await execute(
      process.execPath,
      [REDOCLY, 'build-docs', contract, '-o', output, '-t', TEMPLATE, '--inlineBundle'],
      {
        cwd: folder,
        env: { ...process.env, ...REDOCLY_ENVIRONMENT },
      },
    );
    return takeApart(await readFile(output, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function takeApart(page: string): RedocBuild {
  const module = /<script type="module">([\s\S]*)<\/script>\s*$/.exec(page)?.[1] ?? '';
  const found =
    /^([\s\S]*?export\{[^}]*\bhydrate\b[^}]*\};?)\s*const __redoc_definition = [\s\S]*const __redoc_options = (\{.*\});\s*hydrate\(/.exec(
      module,
    );
  const [, script, options] = found ?? [];
  if (script === undefined || options === undefined) {
    throw new Error(
      'The page of "redocly build-docs" is not made the way src/site/redoc.ts expects. Compare it with the version of @redocly/cli in the catalog.',
    );
  }
  return {
    script: withoutForeignLogo(withoutNotes(withoutDeadWeight(script.trim()))),
    original: script.trim(),
    options: JSON.parse(options) as Record<string, unknown>,
  };
}

/** The credit in Redoc's menu stays, with a drawing of its name in place of a picture on another host. */
function withoutForeignLogo(script: string): string {
  const drawing = `data:image/svg+xml,${encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text x="0" y="15" font-family="sans-serif" font-size="14" fill="#808080">Redoc</text></svg>',
  )}`;
  return script.replaceAll(/https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g, drawing);
}

/** Notes for its own theme editor, 1,900 times. */
function withoutNotes(script: string): string {
  return script.replaceAll(/ *\/\/ @presenter \w+/g, '');
}

/**
 * Takes out what no reader of ours gets anything from, a twentieth of all bytes: a second copy of the search
 * library, as a text for `Function` to run (the policy of the page forbids that, and the site has its own search),
 * and the names of 2,231 characters in HTML, such as `&eacute;` (a contract is UTF-8; `&amp;` and its like stay).
 */
function withoutDeadWeight(script: string): string {
  return script
    .replace(/`\/\*\*!(?:\\[rn]|\s)*\* FlexSearch\.js (?:\\.|[^`\\])*`/, '``')
    .replace(
      /(new Uint16Array\()`\u1d41<(?:\\.|[^`\\])*`(\.split[^,]*,\w+=new Uint16Array\()(`(?:\\.|[^`\\])*`)/,
      '$1$3$2$3',
    );
}
