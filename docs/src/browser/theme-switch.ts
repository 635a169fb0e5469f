/** The button that switches between light and dark; the choice is kept on this device. */
export function themeSwitch(): void {
  const root = document.documentElement;
  const button = document.querySelector('[data-theme-switch]');
  const show = () => button?.setAttribute('aria-pressed', String(root.classList.contains('dark')));
  show();
  button?.addEventListener('click', () => {
    const dark = root.classList.toggle('dark');
    show();
    try {
      localStorage.setItem('theme', dark ? 'dark' : 'light');
    } catch {
      // Then the choice lasts for this page.
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ({ matches }) => {
    let chosen: string | null = null;
    try {
      chosen = localStorage.getItem('theme');
    } catch {
      // As above.
    }
    if (chosen === null) root.classList.toggle('dark', matches);
    show();
  });
}
