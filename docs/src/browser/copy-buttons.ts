/** Buttons that copy the block of code beside them, and the one that copies the page as Markdown. */
export function copyButtons(): void {
  document.addEventListener('click', async ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    if (button?.matches('[data-copy-page]')) {
      const text = fetch('index.md').then((response) =>
        response.ok ? response.text() : Promise.reject(),
      );
      await copy(button, text);
    }
    if (!button?.matches('[data-copy]')) return;
    const code = button.parentElement?.querySelector('code');
    if (!code) return;
    if (await copy(button, Promise.resolve(code.textContent ?? ''))) return;
    // No permission: select it, so that the keyboard can copy it.
    getSelection()?.selectAllChildren(code);
  });
}

async function copy(button: Element, text: Promise<string>): Promise<boolean> {
  const label = button.firstChild;
  const said = document.querySelector('#said');
  const before = label?.textContent ?? '';
  const done = await text
    .then((content) => navigator.clipboard.writeText(content))
    .then(
      () => true,
      () => false,
    );
  const word = done ? 'Copied' : 'Not copied';
  if (label) label.textContent = word;
  if (said) said.textContent = word;
  setTimeout(() => {
    if (label) label.textContent = before;
    if (said) said.textContent = '';
  }, 2000);
  return done;
}
