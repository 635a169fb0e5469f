import { fixRedoc } from './fix-redoc.ts';
import { load, target } from './load.ts';

interface Redoc {
  hydrate(contract: unknown, options: unknown, target: Element): void;
}

/**
 * Redoc's own view of the same contract, in place of the page while the URL ends in `#/…`. Its script is
 * large, so it comes only then.
 */
export function redocView(): void {
  const view = document.querySelector<HTMLElement>('#redoc-view');
  const root = document.documentElement;
  let started = false;

  const start = async (place: HTMLElement) => {
    if (started) return;
    started = true;
    place.textContent = 'Loading …';
    const { script = '', options = '{}' } = place.dataset;
    const parts = await load(
      () =>
        Promise.all([
          import(new URL(script, location.href).href) as Promise<Redoc>,
          fetch(new URL('openapi.json', location.href)).then((response) => response.json()),
        ]),
      place,
    );
    if (!parts) return;
    const [{ hydrate }, contract] = parts;
    const target = document.createElement('div');
    target.id = 'redoc';
    const heading = document.createElement('h1');
    heading.className = 'visually-hidden';
    heading.tabIndex = -1;
    heading.textContent = `${document.title}: Redoc`;
    const intro = document.createElement('section');
    intro.setAttribute('aria-label', 'About this view');
    intro.append(heading);
    place.replaceChildren(intro, target);
    followTheme(root);
    fixRedoc(target);
    hydrate(contract, JSON.parse(options), target);
    heading.focus();
  };

  const follow = () => {
    const shown = view !== null && location.hash.startsWith('#/');
    root.classList.toggle('redoc', shown);
    if (view) view.hidden = !shown;
    if (shown) return void start(view);
    const part = target();
    if (part) part.scrollIntoView();
    else goToOperation();
  };
  addEventListener('hashchange', follow);
  follow();
}

/** A URL of when the operation stood on the overview: its parts are on its own page now. */
function goToOperation(): void {
  for (const item of document.querySelectorAll('.operations > li')) {
    const link = item.querySelector('a');
    if (link && location.hash.startsWith(`#${item.id}-`))
      location.replace(link.href + location.hash);
  }
}

/** Redoc keeps a choice of colors of its own; it starts with the one that the reader made for the site. */
function followTheme(root: Element): void {
  try {
    localStorage.setItem('redoc.colorMode', root.classList.contains('dark') ? 'dark' : 'light');
  } catch {
    // Storage can be forbidden; Redoc goes by the system's choice then.
  }
}
