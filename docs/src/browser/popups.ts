/** Menus made of <details>: they work without this, which only closes them again. */
export function popups(): void {
  const all = document.querySelectorAll<HTMLDetailsElement>('details[data-popup]');
  for (const popup of all) {
    popup.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !popup.open) return;
      popup.open = false;
      popup.querySelector('summary')?.focus();
    });
    popup.addEventListener('click', (event) => {
      if (event.target instanceof HTMLAnchorElement) popup.open = false;
    });
  }
  document.addEventListener('click', ({ target }) => {
    for (const popup of all) if (!popup.contains(target as Node)) popup.open = false;
  });
}
