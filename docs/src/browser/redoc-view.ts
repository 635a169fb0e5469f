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
      new MutationObserver(() => mend(target)).observe(target, { childList: true, subtree: true });
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

/** Redoc's menu is no landmark by itself, and its outline leaves out the third level. */
function mend(target: Element): void {
  const menu = target.querySelector('.menu-content:not([role])');
  menu?.setAttribute('role', 'navigation');
  menu?.setAttribute('aria-label', 'Redoc');
  for (const heading of target.querySelectorAll(':is(h4, h5, h6):not([aria-level])')) {
    heading.setAttribute('aria-level', String(Number(heading.tagName.slice(1)) - 1));
  }
}
