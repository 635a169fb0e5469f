/** Adds what Redoc's markup lacks for those who do not see it, now and whenever it renders something new. */
export function fixRedoc(view: Element): void {
  new MutationObserver(() => fixOutline(view)).observe(view, { childList: true, subtree: true });
  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const node of addedNodes) if (isWindow(node)) fixWindow(node);
      for (const node of removedNodes) if (isWindow(node)) opener?.focus();
    }
  }).observe(document.body, { childList: true });
}

/** Its menu is not a landmark, and its headings go from the second level to the fourth. */
function fixOutline(view: Element): void {
  const menu = view.querySelector('.menu-content:not([role])');
  menu?.setAttribute('role', 'navigation');
  menu?.setAttribute('aria-label', 'Redoc');
  for (const heading of view.querySelectorAll(':is(h4, h5, h6):not([aria-level])')) {
    heading.setAttribute('aria-level', String(Number(heading.tagName.slice(1)) - 1));
  }
  // The choice of an example shows which one is chosen, and is called "Example".
  for (const choice of view.querySelectorAll('button[aria-haspopup="menu"][aria-label]'))
    choice.removeAttribute('aria-label');
}

/** What had the focus when a window was opened. */
let opener: HTMLElement | null = null;

function isWindow(node: Node): node is HTMLElement {
  return node instanceof HTMLElement && node.querySelector('[data-component-name]') !== null;
}

/**
 * It opens windows at the end of the page that are no dialogs, do not take the focus and close by a nameless button, and
 * choices of examples that are no menus and that no key closes.
 */
function fixWindow(overlay: HTMLElement): void {
  const dialog = overlay.firstElementChild;
  if (!(dialog instanceof HTMLElement)) return;
  opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const item = dialog.querySelector<HTMLElement>(':scope > [role="menuitem"]');
  if (item) {
    dialog.setAttribute('role', 'menu');
    overlay.setAttribute('role', 'region');
    overlay.setAttribute('aria-label', 'Examples');
    overlay.addEventListener('keydown', ({ key }) => key === 'Escape' && opener?.click());
    item.focus();
    return;
  }
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('aria-modal', 'true');
  const title = dialog.querySelector('[data-component-name^="Typography"]')?.textContent;
  dialog.setAttribute('aria-label', title || 'Details');
  for (const button of dialog.querySelectorAll('button:not([aria-label])')) {
    if (button.textContent === '') button.setAttribute('aria-label', 'Close');
  }
  dialog.tabIndex = -1;
  dialog.focus();
}
