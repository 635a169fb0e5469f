import { fixRedoc } from './fix-redoc.ts';

/**
 * Redoc's own view of the same contract, in place of the page while the address ends in `#/…`. Its script is
 * large, so it comes only then.
 */
export function redocView(): void {
  const view = document.querySelector<HTMLElement>('#redoc-view');
  if (!view) return;
  const root = document.documentElement;
  let started = false;

  const start = async () => {
    if (started) return;
    started = true;
    view.textContent = 'Loading …';
    try {
      const [{ hydrate }, { options }, contract] = await Promise.all([
        import(new URL(view.dataset.script ?? '', location.href).href) as Promise<{
          hydrate(contract: unknown, options: unknown, target: Element): void;
        }>,
        Promise.resolve({ options: JSON.parse(view.dataset.options ?? '{}') as unknown }),
        fetch(new URL('openapi.json', location.href)).then((answer) => answer.json() as unknown),
      ]);
      const target = document.createElement('div');
      target.id = 'redoc';
      const heading = document.createElement('h1');
      heading.className = 'visually-hidden';
      heading.textContent = `${document.title}: Redoc`;
      const intro = document.createElement('section');
      intro.setAttribute('aria-label', 'About this view');
      intro.append(heading);
      view.replaceChildren(intro, target);
      followTheme(root);
      fixRedoc(target);
      hydrate(contract, options, target);
    } catch (error) {
      started = false;
      view.textContent = `Redoc's view could not be loaded: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  const follow = () => {
    const shown = location.hash.startsWith('#/');
    root.classList.toggle('redoc', shown);
    view.hidden = !shown;
    if (shown) start();
    else if (location.hash.length > 1) {
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    }
  };
  addEventListener('hashchange', follow);
  follow();
}

/** Redoc keeps a choice of colours of its own; it starts with the one that the reader made for the site. */
function followTheme(root: Element): void {
  try {
    localStorage.setItem('redoc.colorMode', root.classList.contains('dark') ? 'dark' : 'light');
  } catch {
    // Storage can be forbidden; Redoc goes by the system's choice then.
  }
}
