import { type Contract, isJson, type Operation, responseFor } from '@sql-sessions/contract/model';
import { normalPath } from '../contract/router.ts';
import type { MockResponse } from '../http/message.ts';
import { parseUrl } from '../http/parse-url.ts';
import { DeletedPaths } from './deleted-paths.ts';

/** What stateful mode remembers: which paths were deleted. It knows nothing of what is there. */
export class State {
  readonly deleted = new DeletedPaths();

  /** Whether a call is for something that was deleted, and its operation documents a 404. */
  isGone(operation: Operation, path: string): boolean {
    return this.deleted.has(path) && responseFor(operation, 404) !== undefined;
  }

  /** Takes in what a response says: something is gone, is replaced, or is there again. */
  follow(contract: Contract, operation: Operation, path: string, response: MockResponse): void {
    if (response.status < 200 || response.status > 299) return;
    if (operation.method === 'DELETE') this.deleted.add(path);
    if (operation.method === 'PUT') this.deleted.delete(path);
    if (response.status !== 201 || this.deleted.size === 0) return;
    const { location } = response.headers;
    const there = parseUrl(String(location ?? ''), `http://mock${path}`);
    if (location !== undefined && there) this.deleted.delete(normalPath(there.pathname));
    const body = bodyOf(response);
    for (const name of idNames(contract)) {
      const id = idIn(body, name);
      if (id !== undefined) this.deleted.delete(`${path}/${encodeURIComponent(id)}`);
    }
  }

  /** The response without the elements of its lists that were deleted. */
  withoutDeleted(contract: Contract, path: string, response: MockResponse): MockResponse {
    if (this.deleted.size === 0 || response.status !== 200) return response;
    const body = bodyOf(response);
    if (typeof body !== 'object' || body === null) return response;
    const names = idNames(contract);
    let left = 0;
    const filter = (list: unknown[]) =>
      list.filter((item) => {
        const gone = names.some((name) => {
          const id = idIn(item, name);
          return id !== undefined && this.deleted.has(`${path}/${encodeURIComponent(id)}`);
        });
        if (gone) left += 1;
        return !gone;
      });
    const filtered = Array.isArray(body)
      ? filter(body)
      : Object.fromEntries(
          Object.entries(body).map(([key, value]) => [
            key,
            Array.isArray(value) ? filter(value) : value,
          ]),
        );
    return left === 0 ? response : { ...response, body: JSON.stringify(filtered) };
  }
}

const NAMES = new WeakMap<Contract, string[]>();

/** Names of the parameters that end the paths of DELETE operations: those name one thing of a list. */
function idNames(contract: Contract): string[] {
  const known = NAMES.get(contract);
  if (known) return known;
  const names = contract.operations.flatMap(({ method, path }) => {
    const [, name] = /\{([^{}]+)\}$/.exec(path) ?? [];
    return method === 'DELETE' && name !== undefined ? [name] : [];
  });
  const unique = [...new Set(names)];
  NAMES.set(contract, unique);
  return unique;
}

function idIn(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const id = (value as Record<string, unknown>)[name] ?? (value as Record<string, unknown>).id;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function bodyOf({ headers, body }: MockResponse): unknown {
  if (typeof body !== 'string' || !isJson(String(headers['content-type'] ?? ''))) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
