import { type Contract, encodePath, type Operation } from '@sql-sessions/contract/model';
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
  /** Those with parameters; the others have been compared before. */
  readonly segments: readonly [index: number, fits: Segment][];
  readonly operations: Operation[];
  readonly methods: string[];
}

/** Templates with text, parameters and mixtures of both in the same places. */
interface Shape {
  /** The more literal of two templates that match is taken. */
  readonly weight: number;
  /** Places of the segments that are text. */
  readonly literal: readonly number[];
  /** By their text. */
  readonly templates: Map<string, Template[]>;
}

const NOWHERE: Route = { operation: undefined, params: new Map(), allowed: [] };

/**
 * Finds operations by method and path, in a time that grows with the length of the path and with the number of
 * templates that are alike but for their parameters, and with nothing else.
 */
export function createRouter({ operations }: Contract, basePath: BasePath): Router {
  const shapes = new Map<string, Shape>();
  const templates = new Map<string, Template>();
  for (const operation of operations) {
    for (const path of placesOf(operation, basePath)) {
      const template = templates.get(path) ?? addTemplate(path, shapes);
      template.operations.push(operation);
      template.methods.push(operation.method);
      templates.set(path, template);
    }
  }
  const byLength = new Map<number, Shape[]>();
  for (const [places, shape] of shapes)
    byLength.set(places.length, [...(byLength.get(places.length) ?? []), shape]);
  for (const alike of byLength.values()) alike.sort((a, b) => b.weight - a.weight);

  return (method, path) => {
    const sent = path.split('/');
    const params = new Map<string, string>();
    for (const { literal, templates } of byLength.get(sent.length) ?? []) {
      const alike = templates.get(textOf(sent, literal)) ?? [];
      const allowed: string[] = [];
      for (const { segments, operations: here, methods } of alike) {
        params.clear();
        if (!segments.every(([index, fits]) => fits(sent[index] ?? '', params))) continue;
        allowed.push(...methods);
        const operation = here.find((one) => one.method === method);
        if (operation) return { operation, params, allowed };
      }
      if (allowed.length > 0) return { operation: undefined, params, allowed };
      params.clear();
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

/** A template for the path, among those of its shape. */
function addTemplate(path: string, shapes: Map<string, Shape>): Template {
  const parts = path.split('/');
  const weights = parts.map((part) =>
    part.includes('{') ? Number(!/^\{[^{}]*\}$/.test(part)) : 2,
  );
  const places = weights.join('');
  const indices = [...parts.keys()];
  const shape = shapes.get(places) ?? {
    weight: weights.reduce((sum, weight) => sum + weight, 0),
    literal: indices.filter((index) => weights[index] === 2),
    templates: new Map(),
  };
  shapes.set(places, shape);
  const template: Template = {
    segments: indices.flatMap((index) =>
      weights[index] === 2 ? [] : [[index, readSegment(parts[index] ?? '')]],
    ),
    operations: [],
    methods: [],
  };
  const text = textOf(parts, shape.literal);
  shape.templates.set(text, [...(shape.templates.get(text) ?? []), template]);
  return template;
}

/** Some segments of a path, escaped in one way. */
function textOf(segments: readonly string[], which: readonly number[]): string {
  return normalPath(which.map((index) => segments[index]).join('/'));
}

/** A path whose segments are escaped in one way. */
export function normalPath(path: string): string {
  if (/^[\w.!~*'()/-]*$/.test(path)) return path;
  return path
    .split('/')
    .map((segment) => encodeURIComponent(decode(segment).toWellFormed()))
    .join('/');
}

function readSegment(part: string): Segment {
  const names = [...part.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  const [first = '', ...texts] = part.split(/\{[^{}]+\}/).map(encodePath);
  const last = texts.pop() ?? '';
  return (sent, params) => {
    if (!sent.startsWith(first) || !sent.endsWith(last)) return false;
    const end = sent.length - last.length;
    let at = first.length;
    // Each parameter has a character, and each text its first place: where any division fits, this one does.
    for (const [index, text] of texts.entries()) {
      const next = sent.indexOf(text, at + 1);
      if (next < 0 || next + text.length > end) return false;
      params.set(names[index] ?? '', sent.slice(at, next));
      at = next + text.length;
    }
    if (at >= end) return false;
    params.set(names.at(-1) ?? '', sent.slice(at, end));
    return true;
  };
}

/** Text without its escapes; as it is where they mean nothing. */
export function decode<Text extends string | undefined>(text: Text): Text | string {
  if (!text?.includes('%')) return text;
  return decoded(text) ?? text;
}

/** Text without its escapes; undefined where they mean nothing. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
