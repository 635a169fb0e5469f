import { copyButtons } from './copy-buttons.ts';
import { languages } from './languages.ts';
import { load } from './load.ts';
import { menuHighlight } from './menu-highlight.ts';
import { popups } from './popups.ts';
import { redocView } from './redoc-view.ts';
import { scrollers } from './scrollers.ts';
import { searchOpener } from './search-opener.ts';
import { themeSwitch } from './theme-switch.ts';

themeSwitch();
popups();
copyButtons();
languages();
searchOpener();
menuHighlight();
redocView();
scrollers();

const panels = document.querySelectorAll<HTMLFormElement>('form[data-try]');
if (panels.length > 0) {
  // It comes when the reader turns to the panel, or when the page has nothing else to do.
  let started = false;
  const start = async () => {
    if (started) return;
    started = true;
    const place = document.querySelector('[data-result]');
    const part = await load(() => import('./try-it.ts'), place);
    for (const panel of panels) part?.tryIt(panel);
  };
  for (const panel of panels) {
    panel.addEventListener('focusin', start, { once: true });
    panel.addEventListener('pointerenter', start, { once: true });
    panel.addEventListener('submit', (event) => event.preventDefault());
  }
  if ('requestIdleCallback' in window) requestIdleCallback(start, { timeout: 2000 });
  else start();
}
