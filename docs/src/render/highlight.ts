import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import http from 'highlight.js/lib/languages/http';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import { escapeHtml, type Html, html, raw } from './html.ts';

const LANGUAGES = { bash, diff, http, javascript, json, python, typescript, yaml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.registerAliases(['sh', 'shell', 'console'], { languageName: 'bash' });
hljs.registerAliases(['js', 'mjs'], { languageName: 'javascript' });
hljs.registerAliases(['ts'], { languageName: 'typescript' });

/** A block of code, colored at build time so that no script has to. */
export function codeBlock(code: string, language: string, label: string): Html {
  const text = code.replace(/\n$/, '');
  const colored = hljs.getLanguage(language)
    ? hljs.highlight(text, { language, ignoreIllegals: true }).value
    : escapeHtml(text);
  return html`<div class="code"><pre><code data-language="${language}">${raw(colored)}</code></pre><button type="button" class="copy js-only" data-copy>Copy<span class="visually-hidden"> ${label}</span></button></div>`;
}
