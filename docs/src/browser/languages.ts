/** The choice of a language for samples; it is kept on this device and holds for all pages. */
export function languages(): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>('button[data-language]');
  if (buttons.length === 0) return;
  const root = document.documentElement;
  const show = (language: string) => {
    root.dataset.language = language;
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(button.dataset.language === language));
    }
  };
  const has = (language: string | undefined) =>
    [...buttons].some((button) => button.dataset.language === language);
  show(has(root.dataset.language) ? (root.dataset.language ?? '') : 'curl');
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const { language = 'curl' } = button.dataset;
      show(language);
      try {
        localStorage.setItem('language', language);
      } catch {
        // Then the choice lasts for this page.
      }
    });
  }
}
