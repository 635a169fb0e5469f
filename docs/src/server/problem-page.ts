import { html, raw } from '../render/html.ts';

const STYLE = `body{margin:0;padding:2rem;font:16px/1.6 system-ui,sans-serif;background:#0f1218;color:#e8ebf1}
h1{font-size:1.3rem;color:#ff9a91}pre{overflow:auto;padding:1rem;border:1px solid #272d39;border-radius:8px;background:#161a22;font:14px/1.5 ui-monospace,monospace}`;

/** Stands in place of every page while the contract has problems. `script` is the element that follows changes. */
export function problemPage(report: string, script: string): string {
  return `<!doctype html>
${html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The contract has problems</title><style>${STYLE}</style>${raw(script)}</head>
<body><main><h1>The contract has problems</h1><p>The page comes back as soon as they are fixed.</p><pre tabindex="0" role="region" aria-label="Problems">${withoutColour(report)}</pre></main></body></html>`}
`;
}

function withoutColour(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are coloured by control characters
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}
