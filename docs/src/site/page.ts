import type { Html } from '../render/html.ts';
import type { Heading } from '../render/markdown.ts';

/** One page of the site, before the frame is put around it. */
export interface Page {
  /** Path relative to the top of the site: '' or 'guides/client/'. */
  path: string;
  title: string;
  description: string;
  /** The same page as Markdown. */
  markdown: string;
  main: Html;
  /** What the menu lists below the page while it is shown. */
  headings: Heading[];
  /** `missing` stands in for whatever is asked for and does not exist, at any path. */
  kind: 'reference' | 'text' | 'missing';
  /** The version whose reference this is; null for pages that all versions share. */
  version: string | null;
  /** The file in the repository that it is written in, from the top; without one nobody is sent to it. */
  source?: string;
  /** Date of its last change, `2026-01-31`, where it is known. */
  changed?: string | undefined;
  /** JSON-LD that is true of the page. */
  data?: Record<string, unknown>;
}
