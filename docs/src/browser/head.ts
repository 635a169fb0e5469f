// Runs before the first paint, inline: what it decides must not change under the reader's eyes.
const root = document.documentElement;
root.classList.add('js');
let theme: string | null = null;
try {
  theme = localStorage.getItem('theme');
} catch {
  // Storage can be forbidden; the system's choice stands then.
}
root.classList.add(
  theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
);
if (location.hash.startsWith('#/') && root.dataset.page !== undefined) root.classList.add('redoc');
