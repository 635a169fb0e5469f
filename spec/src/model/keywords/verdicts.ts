/** What derives something from a contract; each part has a verdict on each keyword. */
export const PARTS = ['types', 'client', 'mock', 'reference', 'kit', 'diff'] as const;

/**
 * - `types`: the published TypeScript types,
 * - `client`: what the client does at run time,
 * - `mock`: the mock server and its MSW handlers,
 * - `reference`: the pages for people,
 * - `kit`: the conformance kit,
 * - `diff`: the verdict on a change, patch, minor or major.
 */
export type Part = (typeof PARTS)[number];

/** Why a part does not support a keyword. Without a cell, the part supports it. */
export type Cell =
  | {
      /** The keyword means nothing there, and may be used. */
      readonly verdict: 'irrelevant';
      readonly reason: string;
    }
  | {
      /** The part would get it wrong: the contract may not use it. */
      readonly verdict: 'refused';
      readonly reason: string;
      /** What is allowed instead, as a sentence. */
      readonly instead: string;
    };

export type Cells = { readonly [P in Part]?: Cell };

/** A field of an object of the document. */
export interface Row {
  readonly cells: Cells;
  /** What the field holds: an object of a kind, a list `[Kind]` or a map `{Kind}` of them; undefined: a plain value. */
  readonly holds: string | undefined;
  /** Verdicts on single values of the field; `*` is for any other. */
  readonly values: Readonly<Record<string, Cells>>;
}

export function row(
  cells: Cells,
  holds?: string,
  values: Readonly<Record<string, Cells>> = {},
): Row {
  return { cells, holds, values };
}

/** Fields of one verdict that hold plain values, their names with spaces between them. */
export function rows(names: string, cells: Cells): Readonly<Record<string, Row>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, row(cells)]));
}

export const all: Cells = {};

/** Not relevant in the parts, which are named with spaces between them. */
export function aside(parts: string, reason: string): Cells {
  return each(parts, { verdict: 'irrelevant', reason });
}

/** Refused by the parts. */
export function refuse(parts: string, reason: string, instead: string): Cells {
  return each(parts, { verdict: 'refused', reason, instead });
}

function each(parts: string, cell: Cell): Cells {
  return Object.fromEntries(parts.split(' ').map((part) => [part, cell]));
}
