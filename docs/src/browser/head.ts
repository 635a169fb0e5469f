// Runs before the first paint, inline: what it decides must not change under the reader's eyes.
const root = document.documentElement;
const kept = (name: string): string | null => {
  try {
    return localStorage.getItem(name);
  } catch {
    // Storage can be forbidden; the system's choice stands then.
    return null;
  }
};
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
root.classList.add('js', kept('theme') ?? (dark ? 'dark' : 'light'));
root.dataset.language = kept('language') ?? 'curl';
if (location.hash.startsWith('#/') && root.dataset.page !== undefined) root.classList.add('redoc');
// Without its script no control works, so there are none then.
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    root.classList.remove('js', 'redoc');
    root.classList.add('no-script');
  },
  true,
);
