/** Buttons that copy the block of code beside them. */
export function copyButtons(): void {
  document.addEventListener('click', async ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-copy]') : null;
    const code = button?.parentElement?.querySelector('code');
    const label = button?.firstChild;
    if (!button || !code || !label) return;
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
      label.textContent = 'Copied';
    } catch {
      // No permission: select it, so that the keyboard can copy it.
      getSelection()?.selectAllChildren(code);
      label.textContent = 'Selected';
    }
    setTimeout(() => {
      label.textContent = 'Copy';
    }, 2000);
  });
}
