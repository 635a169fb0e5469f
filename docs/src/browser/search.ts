import { createIndex, type Entry, find } from '../search/find.ts';
import { load } from './load.ts';

const MOST = 12;
let started = false;

/** Makes the search dialog work. The index is a file of the site; nothing that is typed leaves the page. */
export async function search(dialog: HTMLDialogElement): Promise<void> {
  const input = dialog.querySelector<HTMLInputElement>('input');
  const list = dialog.querySelector<HTMLUListElement>('#search-results');
  const status = dialog.querySelector('[role="status"]');
  if (started || !input || !list || !status) return;
  started = true;
  const top = document.documentElement.dataset.top ?? './';
  const entries = await load(
    () =>
      fetch(new URL(`${top}search.json`, location.href)).then(
        (response) => response.json() as Promise<Entry[]>,
      ),
    status,
  );
  if (!entries) {
    started = false;
    return;
  }
  const index = createIndex(entries);
  const links = () => [...list.querySelectorAll('a')];
  const show = () => {
    const words = input.value.trim();
    const found = words === '' ? [] : find(index, words).slice(0, MOST);
    list.replaceChildren(
      ...found.map(({ id, title, page, text, terms }) => {
        const link = document.createElement('a');
        link.href = new URL(top + id, location.href).href;
        const name = document.createElement('b');
        name.textContent = title;
        const words = document.createElement('small');
        words.textContent = [...(page === title ? [] : [page]), excerpt(text, terms)].join(' · ');
        link.append(name, words);
        const item = document.createElement('li');
        item.append(link);
        return item;
      }),
    );
    status.textContent = summary(words, found.length);
  };
  const move = (step: number) => {
    const all = links();
    const at = all.indexOf(document.activeElement as HTMLAnchorElement) + step;
    (at < 0 || all.length === 0 ? input : all[Math.min(at, all.length - 1)])?.focus();
  };

  input.addEventListener('input', show);
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && event.target === input) links()[0]?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a')) dialog.close();
  });
  show();
}

function summary(words: string, found: number): string {
  if (words === '') return 'Finds parameters, statuses and guides. Enter opens the first result.';
  if (found === 0) return `Nothing found for “${words}”.`;
  return found === 1 ? '1 result' : `${found === MOST ? 'The best ' : ''}${found} results`;
}

/** The text around the first term that was found, cut between words. */
function excerpt(text: string, terms: string[]): string {
  const lower = text.toLowerCase();
  const at = Math.max(0, ...terms.slice(0, 1).map((term) => lower.indexOf(term.toLowerCase())));
  const start = at < 60 ? 0 : text.indexOf(' ', at - 40) + 1;
  const end = text.length < start + 130 ? text.length : text.lastIndexOf(' ', start + 130);
  return `${start > 0 ? '… ' : ''}${text.slice(start, end)}${end < text.length ? ' …' : ''}`;
}
