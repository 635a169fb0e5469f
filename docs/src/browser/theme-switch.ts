/** The button that switches between light and dark; the choice is kept on this device. */
export function themeSwitch(): void {
  const root = document.documentElement;
  const button = document.querySelector('[data-theme-switch]');
  // Redoc's view goes by these two classes as well.
  const show = (dark: boolean) => {
    root.classList.toggle('dark', dark);
    root.classList.toggle('light', !dark);
    button?.setAttribute('aria-pressed', String(dark));
  };
  show(root.classList.contains('dark'));
  button?.addEventListener('click', () => {
    show(!root.classList.contains('dark'));
    try {
      localStorage.setItem('theme', root.classList.contains('dark') ? 'dark' : 'light');
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
    if (chosen === null) show(matches);
  });
}
