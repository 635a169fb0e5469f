import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import http from 'highlight.js/lib/languages/http';
import json from 'highlight.js/lib/languages/json';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import type { SamplePart } from '../contract/samples.ts';
import { escapeHtml, type Html, html, raw } from './html.ts';

const LANGUAGES = { bash, diff, http, json, typescript, yaml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(['sh', 'shell', 'console'], { languageName: 'bash' });
hljs.registerAliases(['ts', 'js', 'mjs', 'javascript'], { languageName: 'typescript' });

/** A block of code, coloured at build time so that no script has to. */
export function codeBlock(code: string, language: string, label: string): Html {
  const text = code.replace(/\n$/, '');
  const coloured = hljs.getLanguage(language)
    ? hljs.highlight(text, { language, ignoreIllegals: true }).value
    : escapeHtml(text);
  return block(raw(coloured), language, label);
}

/** The same for a sample, whose colours are known. */
export function sampleBlock(parts: readonly SamplePart[], language: string, label: string): Html {
  const coloured = parts.map(({ kind, text }) =>
    kind === 'plain' ? html`${text}` : html`<span class="hljs-${kind}">${text}</span>`,
  );
  return block(html`${coloured}`, language, label);
}

/** It scrolls, so the keyboard must reach it. */
function block(content: Html, language: string, label: string): Html {
  return html`<div class="code"><pre tabindex="0" role="region" aria-label="${label}"><code data-language="${language}">${content}</code></pre><button type="button" class="copy js-only" data-copy>Copy<span class="visually-hidden"> ${label}</span></button></div>`;
}
