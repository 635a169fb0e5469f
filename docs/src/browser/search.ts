import MiniSearch from 'minisearch';

interface Entry {
  id: string;
  title: string;
  page: string;
  text: string;
}

const MOST = 12;
let started = false;

/** Makes the search dialog work. The index is a file of the site; nothing that is typed leaves the page. */
export async function search(dialog: HTMLDialogElement): Promise<void> {
  if (started) return;
  started = true;
  const input = dialog.querySelector<HTMLInputElement>('input');
  const list = dialog.querySelector<HTMLUListElement>('[role="listbox"]');
  const status = dialog.querySelector('[role="status"]');
  if (!input || !list || !status) return;
  const top = document.documentElement.dataset.top ?? './';
  let selected = -1;

  const index = new MiniSearch<Entry>({
    fields: ['title', 'page', 'text'],
    storeFields: ['title', 'page', 'text'],
    // Names such as session_id are found by their parts as well.
    tokenize: (text) => text.split(/[^\p{L}\p{N}_.-]+/u).flatMap((word) => [word, ...parts(word)]),
    searchOptions: { prefix: true, fuzzy: 0.2, boost: { title: 4, page: 2 }, combineWith: 'AND' },
  });
  try {
    const answer = await fetch(new URL(`${top}search.json`, location.href));
    index.addAll((await answer.json()) as Entry[]);
  } catch {
    started = false;
    status.textContent = 'The search index could not be loaded.';
    return;
  }

  const select = (next: number) => {
    const options = [...list.children];
    options[selected]?.setAttribute('aria-selected', 'false');
    selected = options.length === 0 ? -1 : (next + options.length) % options.length;
    const option = options[selected];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
  };
  const go = (option: Element | undefined) => {
    const target = option?.getAttribute('data-target');
    if (target === null || target === undefined) return;
    dialog.close();
    location.assign(new URL(top + target, location.href));
  };
  const show = () => {
    const found = input.value.trim() === '' ? [] : index.search(input.value).slice(0, MOST);
    selected = -1;
    list.replaceChildren(
      ...found.map((entry, place) => {
        const item = document.createElement('li');
        item.id = `search-result-${place}`;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', 'false');
        item.dataset.target = String(entry.id);
        const title = document.createElement('b');
        title.textContent = String(entry.title);
        const text = document.createElement('small');
        text.textContent = [
          ...(entry.page === entry.title ? [] : [entry.page]),
          excerpt(String(entry.text), entry.terms),
        ].join(' · ');
        item.append(title, text);
        return item;
      }),
    );
    input.setAttribute('aria-expanded', String(found.length > 0));
    status.textContent = summary(input.value.trim(), found.length);
    if (found.length > 0) select(0);
  };

  input.addEventListener('input', show);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') select(selected + 1);
    else if (event.key === 'ArrowUp') select(selected - 1);
    else if (event.key === 'Enter') go(list.children[selected]);
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', ({ target }) => {
    if (target instanceof Element) go(target.closest('[role="option"]') ?? undefined);
  });
  show();
}

function summary(words: string, found: number): string {
  if (words === '')
    return 'Finds parameters, statuses, guides and decisions. ↑ ↓ choose, Enter goes there.';
  if (found === 0) return `Nothing found for “${words}”.`;
  return found === 1 ? '1 result' : `${found === MOST ? 'The best ' : ''}${found} results`;
}

function parts(word: string): string[] {
  const split = word.split(/[_.-]|(?<=[a-z])(?=[A-Z])/);
  return split.length > 1 ? split : [];
}

/** The text around the first term that was found. */
function excerpt(text: string, terms: string[]): string {
  const lower = text.toLowerCase();
  const at = Math.max(0, ...terms.map((term) => lower.indexOf(term.toLowerCase())).slice(0, 1));
  return at < 40 ? text.slice(0, 120) : `… ${text.slice(at - 30, at + 90)}`;
}
