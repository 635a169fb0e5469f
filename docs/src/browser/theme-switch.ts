/** The button that switches between light and dark; the choice is kept on this device. */
export function themeSwitch(): void {
  const root = document.documentElement;
  const button = document.querySelector('[data-theme-switch]');
  const show = () => {
    const dark = root.classList.contains('dark');
    button?.setAttribute('aria-pressed', String(dark));
    // Redoc's view goes by these two classes.
    root.classList.toggle('light', !dark);
  };
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
