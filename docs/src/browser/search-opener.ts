import { load } from './load.ts';

/** Opens the search by its button, by "/" and by Ctrl-K; its code and its index come with the first use. */
export function searchOpener(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-search]');
  const dialog = document.querySelector<HTMLDialogElement>('#site-search');
  if (!button || !dialog) return;
  const status = dialog.querySelector('[role="status"]');
  const start = async () => (await load(() => import('./search.ts'), status))?.search(dialog);
  const open = () => {
    if (!dialog.open) dialog.showModal();
    start();
  };
  // In a search field the browser's own Escape only empties the field.
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    dialog.close();
  });
  button.addEventListener('pointerenter', start, { once: true });
  button.addEventListener('click', open);
  const shortcut = (event: KeyboardEvent) => {
    const { target } = event;
    const writing =
      target instanceof HTMLElement &&
      (target.matches('input, select, textarea') || target.isContentEditable);
    const slash =
      event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !writing;
    const k = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
    if (!slash && !k) return;
    event.preventDefault();
    // Redoc's view would open a search of its own behind this one.
    event.stopPropagation();
    open();
  };
  addEventListener('keydown', shortcut, { capture: true });
}
