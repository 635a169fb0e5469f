/**
 * Loads a part of the site's scripts when it is needed. Where that fails (the network, a new version of the site),
 * `place` says so, with a button to load the page again.
 */
export async function load<Part>(
  part: () => Promise<Part>,
  place: Element | null,
): Promise<Part | null> {
  try {
    return await part();
  } catch {
    const again = document.createElement('button');
    again.type = 'button';
    again.className = 'quiet-button';
    again.textContent = 'Load the page again';
    again.addEventListener('click', () => location.reload());
    place?.replaceChildren('This needs a script that could not be loaded. ', again);
    return null;
  }
}

/** The element that the URL points to, if it has such a part. */
export function target(): Element | null {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null;
  }
}
