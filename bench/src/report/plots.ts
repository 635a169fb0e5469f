import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { PartResult, Results } from '../results-file.ts';
import { names, rowOf } from './format.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const OURS = 'var(--ours)';
const OTHERS = 'var(--others)';
const WIDTH = 720;

/** A plot stands on a ground of its own, so that it can be read wherever it is put, by day and by night. */
const STYLE = `
  :root { --ground: #fff; --text: #1f2328; --grid: #8c959f; --ours: #2b50c8; --others: #8c959f; }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #151b23; --text: #e6edf3; --grid: #656c76; --ours: #8ba6ff; --others: #838d97; }
  }
  text { fill: var(--text); font: 12px system-ui, sans-serif; }
`;

/** Every plot by the name of its file. */
export function drawPlots(results: Results): Map<string, string> {
  const plots = new Map<string, string>();
  const { client, mock, docs, scale } = results;
  if (client) {
    plots.set('client-size.svg', clientSize(client));
    plots.set('client-call.svg', clientCall(client));
  }
  if (mock) plots.set('mock-throughput.svg', mockThroughput(mock));
  if (docs) plots.set('docs-loading.svg', docsLoading(docs));
  if (scale) plots.set('scale.svg', growth(scale));
  return plots;
}

function clientSize(part: PartResult): string {
  const data = part.rows.filter(({ metric }) => metric === 'bundle, gzipped');
  return draw('Bundle of a program that closes a session, gzipped', {
    height: 40 + data.length * 26,
    marginLeft: 140,
    marginRight: 60,
    x: { type: 'log', label: 'bytes', grid: true, tickFormat: '~s', ticks: 4 },
    y: { label: null, domain: data.map(({ who }) => who) },
    marks: [
      Plot.ruleY(data, { y: 'who', x1: 200, x2: 'median', stroke: colour, strokeWidth: 10 }),
      Plot.text(data, {
        y: 'who',
        x: 'median',
        dx: 6,
        textAnchor: 'start',
        text: ({ median }) => `${(median / 1000).toFixed(1)} kB`,
      }),
    ],
  });
}

function clientCall(part: PartResult): string {
  const metric = 'call over loopback, closed';
  const data = part.rows.filter((row) => row.metric === metric);
  return draw('A call over loopback: median and quartiles', {
    height: 40 + data.length * 26,
    marginLeft: 140,
    x: { label: 'µs', grid: true, zero: true },
    y: { label: null, domain: data.map(({ who }) => who) },
    marks: [
      Plot.ruleX([rowOf(part, 'raw fetch', metric).median], {
        stroke: 'var(--grid)',
        strokeDasharray: '3 3',
      }),
      Plot.ruleY(data, { y: 'who', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 4 }),
      Plot.dot(data, { y: 'who', x: 'median', fill: colour, r: 5 }),
    ],
  });
}

function mockThroughput(part: PartResult): string {
  const data = part.rows.filter(({ metric }) => metric === 'throughput');
  return draw('Requests per second, by the number of connections', {
    height: 60 + data.length * 20,
    marginLeft: 130,
    marginRight: 80,
    x: { label: 'requests/s', grid: true },
    y: { label: null, domain: names(part) },
    fy: { label: null, tickFormat: (at: number) => `${at} conn.` },
    marks: [
      Plot.barX(data, { fy: 'at', y: 'who', x: 'median', fill: colour, inset: 2 }),
      Plot.ruleY(data, { fy: 'at', y: 'who', x1: 'low', x2: 'high', stroke: 'var(--text)' }),
    ],
  });
}

function docsLoading(part: PartResult): string {
  const symbols = {
    'first paint': 'circle',
    'parameters and codes readable': 'diamond',
    'everything readable': 'square',
  } as const;
  const data = names(part).flatMap((who) =>
    Object.keys(symbols).map((metric) => rowOf(part, who, metric)),
  );
  return draw('Opening the reference: first paint ○, codes readable ◇, everything readable □', {
    height: 60 + names(part).length * 34,
    marginLeft: 100,
    x: { label: 'ms', grid: true, zero: true },
    y: { label: null, domain: names(part) },
    symbol: { domain: Object.keys(symbols), range: Object.values(symbols) },
    marks: [
      Plot.dot(
        data.filter(({ median }) => median !== null),
        { y: 'who', x: 'median', symbol: 'metric', stroke: colour, r: 7, strokeWidth: 2 },
      ),
    ],
  });
}

function growth(part: PartResult): string {
  const shown = [
    'build of the contract',
    'types',
    'tsc of a caller',
    'client, a call',
    'client bundle with one operation',
    'client bundle with all operations',
    'mock, time to the first answer',
    'mock, a request',
    'reference, its page gzipped',
  ];
  const columns = 3;
  const data = shown.flatMap((metric, index) => {
    const first = rowOf(part, 'ours', metric, 1).median ?? 1;
    return part.rows
      .filter((row) => row.metric === metric)
      .map(({ at = 1, median }) => ({
        at,
        times: (median ?? 0) / first,
        column: index % columns,
        line: Math.floor(index / columns),
      }));
  });
  const titles = shown.map((metric, index) => ({
    metric,
    column: index % columns,
    line: Math.floor(index / columns),
  }));
  const facets = { fx: 'column', fy: 'line' } as const;
  return draw('Times the figure of a contract with one operation; dashed: linear growth', {
    height: 520,
    marginLeft: 50,
    marginTop: 60,
    x: { type: 'log', label: 'operations', grid: true, tickFormat: '~s', ticks: 3 },
    y: { type: 'log', label: null, grid: true, tickFormat: '~s', ticks: 3 },
    fx: { axis: null, padding: 0.08 },
    fy: { axis: null, padding: 0.16 },
    marks: [
      Plot.line(data, {
        ...facets,
        x: 'at',
        y: 'at',
        stroke: 'var(--others)',
        strokeDasharray: '3 3',
      }),
      Plot.line(data, { ...facets, x: 'at', y: 'times', stroke: OURS, strokeWidth: 2.5 }),
      Plot.dot(data, { ...facets, x: 'at', y: 'times', fill: OURS, r: 3 }),
      Plot.text(titles, {
        ...facets,
        text: 'metric',
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dy: -14,
      }),
    ],
  });
}

function colour({ who }: { who: string }): string {
  return who.startsWith('ours') ? OURS : OTHERS;
}

function draw(title: string, options: Plot.PlotOptions): string {
  const { marginTop = 44, height = 300, ...others } = options;
  const drawn = Plot.plot({
    ...others,
    marginTop,
    height: height + 20,
    width: WIDTH,
    document: document as unknown as Document,
  });
  const figure = drawn as unknown as Element;
  const svg =
    figure.tagName.toLowerCase() === 'svg' ? figure : figure.querySelector('svg:last-of-type');
  if (!svg) throw new Error('The plot is no SVG.');
  for (const style of svg.querySelectorAll('style')) style.remove();
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', title);
  for (const name of ['fill', 'class', 'font-family', 'font-size', 'text-anchor']) {
    if (name !== 'text-anchor') svg.removeAttribute(name);
  }
  const ground = `<style>${STYLE}</style><rect width="100%" height="100%" rx="6" fill="var(--ground)"/><text x="14" y="24" text-anchor="start" style="font-weight:600;font-size:14px">${title}</text>`;
  return `${svg.outerHTML.replace(/^<svg[^>]*>/, (open) => open + ground).replaceAll('currentColor', 'var(--text)')}\n`;
}
