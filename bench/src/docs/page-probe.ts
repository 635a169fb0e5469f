/** What the page itself reports. Times are in milliseconds since the navigation began. */
export interface PageReport {
  firstPaint?: number;
  /** Names of all parameters and the codes of all responses are on the page and visible. */
  overview?: number | undefined;
  /** So are the descriptions of all responses: nothing is left to be unfolded. */
  everything?: number | undefined;
  /** Cumulative layout shift. */
  shift: number;
}

export interface ProbeInput {
  overview: string[];
  everything: string[];
}

/**
 * Runs inside the page, before anything of it. It looks at the visible text every 25 ms, shadow trees included, and
 * tells `window.benchReadable` of each milestone once. Serialised by the browser driver: it can use nothing from
 * outside.
 */
export function pageProbe({ overview, everything }: ProbeInput): void {
  const report: PageReport = { shift: 0 };
  Object.assign(window, { benchReport: report });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName('first-contentful-paint')) {
      report.firstPaint = entry.startTime;
    }
  }).observe({ type: 'paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[]) {
      if (!entry.hadRecentInput) report.shift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });

  const visibleText = (root: Document | ShadowRoot | Element): string => {
    let text = '';
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        if (node.shadowRoot) text += ` ${visibleText(node.shadowRoot)}`;
      } else if (
        node.nodeValue?.trim() &&
        !node.parentElement?.closest('script, style, template, noscript') &&
        node.parentElement?.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      ) {
        text += node.nodeValue;
      } else text += ' ';
    }
    return text;
  };
  const tell = (window as unknown as { benchReadable(milestone: string): void }).benchReadable;
  const look = () => {
    if (document.body) {
      const text = visibleText(document.body).replace(/\s+/g, ' ').toLowerCase();
      const has = (words: string[]) => words.every((each) => text.includes(each.toLowerCase()));
      if (report.overview === undefined && has(overview)) {
        report.overview = performance.now();
        tell('overview');
      }
      if (report.everything === undefined && has([...overview, ...everything])) {
        report.everything = performance.now();
        tell('everything');
      }
    }
    if (report.everything === undefined) setTimeout(look, 25);
  };
  look();
}
