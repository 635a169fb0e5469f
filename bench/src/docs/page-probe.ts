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
 * tells `window.benchReadable` of each milestone once. Serialized by the browser driver: it can use nothing from
 * outside.
 */
export function pageProbe({ overview, everything }: ProbeInput): void {
  const report: PageReport = { shift: 0 };
  Object.assign(window, { benchReport: report });
  const observe = (type: string, see: (entry: PerformanceEntry & { value?: number }) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({
      type,
      buffered: true,
    });
  observe('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') report.firstPaint = startTime;
  });
  observe('layout-shift', ({ value = 0 }) => {
    report.shift += value;
  });

  const visibleText = (root: Node): string => {
    let text = '';
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element && node.shadowRoot) text += visibleText(node.shadowRoot);
      const parent = node.parentElement;
      const shown =
        node.nodeType === Node.TEXT_NODE &&
        parent?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        !parent.closest('script, style, template, noscript');
      text += shown ? node.nodeValue : ' ';
    }
    return text;
  };
  const { benchReadable } = window as unknown as { benchReadable(milestone: string): void };
  const look = () => {
    const text = document.body ? visibleText(document.body).replace(/\s+/g, ' ').toLowerCase() : '';
    const see = (milestone: 'overview' | 'everything', words: string[]) => {
      if (report[milestone] !== undefined) return;
      if (!words.every((each) => text.includes(each.toLowerCase()))) return;
      report[milestone] = performance.now();
      benchReadable(milestone);
    };
    see('overview', overview);
    see('everything', [...overview, ...everything]);
    if (report.everything === undefined) setTimeout(look, 25);
  };
  look();
}
