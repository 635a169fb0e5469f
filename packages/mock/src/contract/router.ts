import type { Contract, Operation } from '@sql-sessions/contract/model';
import { parseUrl } from '../http/parse-url.ts';

export interface Route {
  readonly operation: Operation | undefined;
  /** Path parameters as they were sent: with their escapes. */
  readonly params: ReadonlyMap<string, string>;
  /** Methods that the contract has for this path; empty where it has no such path. */
  readonly allowed: readonly string[];
}

export type Router = (method: string, path: string) => Route;

/** Where operations are: at the contract's paths (`none`), below the paths of its servers (`only`), or at either. */
export type BasePath = 'both' | 'only' | 'none';

/** Whether a segment fits; what its parameters are is added to the map. */
type Segment = (sent: string, params: Map<string, string>) => boolean;

interface Template {
  readonly segments: readonly Segment[];
  readonly operations: Operation[];
  readonly methods: string[];
  /** The more literal of two templates that match is taken. */
  readonly weight: number;
}

const NOWHERE: Route = { operation: undefined, params: new Map(), allowed: [] };

/**
 * Finds operations by method and path, in a time that grows with the length of the path and with the number of
 * templates of as many segments, and with nothing else.
 */
export function createRouter({ operations }: Contract, basePath: BasePath): Router {
  const templates = new Map<string, Template>();
  for (const operation of operations) {
    for (const path of placesOf(operation, basePath)) {
      const template = templates.get(path) ?? {
        ...readTemplate(path),
        operations: [],
        methods: [],
      };
      template.operations.push(operation);
      template.methods.push(operation.method);
      templates.set(path, template);
    }
  }
  const byLength = new Map<number, Template[]>();
  for (const template of templates.values()) {
    const { length } = template.segments;
    byLength.set(length, [...(byLength.get(length) ?? []), template]);
  }
  for (const group of byLength.values()) group.sort((a, b) => b.weight - a.weight);

  return (method, path) => {
    const sent = path.split('/');
    const params = new Map<string, string>();
    for (const { segments, operations: here, methods } of byLength.get(sent.length) ?? []) {
      if (!segments.every((segment, index) => segment(sent[index] ?? '', params))) {
        params.clear();
        continue;
      }
      return {
        operation: here.find((operation) => operation.method === method),
        params,
        allowed: methods,
      };
    }
    return NOWHERE;
  };
}

function placesOf({ path, servers }: Operation, basePath: BasePath): Set<string> {
  const bases = servers.map(({ defaultUrl }) =>
    (parseUrl(defaultUrl, 'http://mock')?.pathname ?? '').replace(/\/$/, ''),
  );
  const below = basePath === 'none' ? [] : bases.map((base) => base + path);
  return new Set(basePath === 'only' && below.length > 0 ? below : [path, ...below]);
}

function readTemplate(path: string): Pick<Template, 'segments' | 'weight'> {
  const parts = path.split('/');
  const weights = parts.map((part) =>
    part.includes('{') ? Number(!/^\{[^{}]*\}$/.test(part)) : 2,
  );
  return {
    segments: parts.map(readSegment),
    weight: weights.reduce((sum, weight) => sum + weight, 0),
  };
}

function readSegment(part: string): Segment {
  const names = [...part.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  if (names.length === 0) return (sent) => sent === part || decode(sent) === part;
  const [first = '', ...texts] = part.split(/\{[^{}]+\}/);
  const last = texts.pop() ?? '';
  return (sent, params) => {
    if (!sent.startsWith(first) || !sent.endsWith(last)) return false;
    const end = sent.length - last.length;
    let at = first.length;
    // Each text at its first place: where any division of the segment fits, this one does.
    for (const [index, text] of texts.entries()) {
      const next = sent.indexOf(text, at);
      if (next < 0 || next + text.length > end) return false;
      params.set(names[index] ?? '', sent.slice(at, next));
      at = next + text.length;
    }
    if (at > end) return false;
    params.set(names.at(-1) ?? '', sent.slice(at, end));
    return true;
  };
}

/** Text without its escapes; as it is where they mean nothing. */
export function decode<Text extends string | undefined>(text: Text): Text | string {
  if (!text?.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
