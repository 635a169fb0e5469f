import { copyButtons } from './copy-buttons.ts';
import { menuHighlight } from './menu-highlight.ts';
import { popups } from './popups.ts';
import { redocView } from './redoc-view.ts';
import { searchOpener } from './search-opener.ts';
import { themeSwitch } from './theme-switch.ts';

themeSwitch();
popups();
copyButtons();
searchOpener();
menuHighlight();
redocView();

const panels = document.querySelectorAll<HTMLFormElement>('form[data-try]');
if (panels.length > 0) {
  // The client comes when the reader turns to the panel, or when the page has nothing else to do.
  let loaded = false;
  const load = () => {
    if (loaded) return;
    loaded = true;
    import('./try-it.ts').then(({ tryIt }) => panels.forEach(tryIt));
  };
  for (const panel of panels) {
    panel.addEventListener('focusin', load, { once: true });
    panel.addEventListener('pointerenter', load, { once: true });
    panel.addEventListener('submit', (event) => event.preventDefault());
  }
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 2000 });
  else load();
}
