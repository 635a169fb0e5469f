import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { KitError } from './kit-error.ts';
import type { SetupFunction } from './setup/setup.ts';

/** A setup module, or the URL of a program that provides a setup. */
export async function loadSetup(given: string): Promise<SetupFunction | string> {
  if (/^https?:\/\//.test(given)) return given;
  const url = pathToFileURL(resolve(given)).href;
  const module = await import(url).catch((cause: NodeJS.ErrnoException) => {
    const old = cause.code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[mc]?ts$/.test(given);
    const reason = old
      ? `Node ${process.versions.node} does not run TypeScript: give a .js file, or use Node 22.18 or newer`
      : firstLine(cause);
    throw new KitError('input', `--setup ${given} cannot be loaded: ${reason}.`, { cause });
  });
  if (typeof module.default === 'function') return module.default as SetupFunction;
  throw new KitError(
    'input',
    `--setup ${given} has no function as its default export: expected export default async (context) => ({ … }).`,
  );
}

/** A JSON or YAML file. */
export async function readData(option: string, file: string): Promise<unknown> {
  try {
    const text = (await readFile(file, 'utf8')).replace(/^\ufeff/, '');
    return /\.ya?ml$/i.test(file) ? parse(text) : JSON.parse(text);
  } catch (cause) {
    throw new KitError('input', `${option} ${file} cannot be read: ${firstLine(cause)}`, { cause });
  }
}

export async function readText(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new KitError('input', `${option} ${file} cannot be read: ${firstLine(cause)}`, { cause });
  }
}

/** Finds out whether a file can be written before a run is made for it. */
export async function checkWritable(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  try {
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) throw new Error('it is a folder');
    await access(found ? file : dirname(file), constants.W_OK);
  } catch (cause) {
    throw new KitError('input', `${file} cannot be written: ${firstLine(cause)}.`, { cause });
  }
}

export async function write(file: string | undefined, content: () => string): Promise<void> {
  if (file === undefined) return;
  try {
    await writeFile(file, content());
  } catch (cause) {
    throw new KitError('input', `${file} cannot be written: ${firstLine(cause)}`, { cause });
  }
}

function firstLine(cause: unknown): string {
  return (cause as Error).message.split('\n')[0]?.replace(/\.$/, '') ?? '';
}
