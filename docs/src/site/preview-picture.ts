import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import type { ReferenceModel } from '../contract/reference-model.ts';
import { escapeHtml } from '../render/html.ts';

const FONTS = join(
  dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/package.json'))),
  'ttf',
);

/** The picture that a link to the site shows where it is shared, as SVG of 1200 by 630 pixels. */
export function previewPicture(model: ReferenceModel): string {
  const [operation] = model.operations;
  const statuses = operation?.answers.map(({ status, kind }) => ({ status, kind })) ?? [];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630">
<rect width="1200" height="630" fill="#0f1218"/>
<rect x="0" y="0" width="12" height="630" fill="#5b7cf0"/>
<g font-family="DejaVu Sans" fill="#e8ebf1">
<text x="80" y="150" font-size="34" fill="#98a1b3">API reference ${escapeHtml(model.version)}</text>
<text x="80" y="245" font-size="84" font-weight="bold">${escapeHtml(model.title)}</text>
<text x="80" y="315" font-size="34" fill="#b4bccb">${escapeHtml(model.summary)}</text>
</g>
${
  operation
    ? `<g font-family="DejaVu Sans Mono"><rect x="80" y="385" width="1040" height="76" rx="10" fill="#1a1f29"/>
<text x="104" y="433" font-size="${fontSize(`${operation.method} ${operation.path}`)}" fill="#e8ebf1"><tspan fill="#ff9a91" font-weight="bold">${operation.method}</tspan> ${escapeHtml(operation.path)}</text></g>`
    : ''
}
<g font-family="DejaVu Sans" font-size="28" font-weight="bold">${statuses
    .slice(0, 9)
    .map(
      ({ status, kind }, index) =>
        `<rect x="${80 + index * 112}" y="500" width="96" height="52" rx="8" fill="${kind === '2' ? '#12291f' : kind === '4' ? '#2e2313' : '#351a19'}"/><text x="${128 + index * 112}" y="536" text-anchor="middle" fill="${kind === '2' ? '#6fd3a1' : kind === '4' ? '#f0b565' : '#ff9a91'}">${escapeHtml(status)}</text>`,
    )
    .join('')}</g>
</svg>`;
}

/** The picture as it is published: no service that shows such pictures takes SVG. */
export function toPng(svg: string): Uint8Array {
  return new Resvg(svg, {
    font: {
      fontFiles: [
        'DejaVuSans.ttf',
        'DejaVuSans-Bold.ttf',
        'DejaVuSansMono.ttf',
        'DejaVuSansMono-Bold.ttf',
      ].map((name) => join(FONTS, name)),
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
    },
  })
    .render()
    .asPng();
}

/** The path stands on one line, whatever its length. */
function fontSize(text: string): number {
  return Math.max(12, Math.min(28, Math.floor(1680 / text.length)));
}
