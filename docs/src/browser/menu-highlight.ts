/** Marks the part of the page that is being read in the menu. */
export function menuHighlight(): void {
  const links = new Map<string, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.menu .contents a')) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const sections = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
  let current: HTMLAnchorElement | undefined;
  const observer = new IntersectionObserver(
    () => {
      const line = innerHeight / 3;
      const passed = sections.findLast((section) => section.getBoundingClientRect().top < line);
      const link = passed && links.get(passed.id);
      if (link === current) return;
      current?.removeAttribute('aria-current');
      link?.setAttribute('aria-current', 'true');
      current = link;
    },
    { rootMargin: '0px 0px -60% 0px', threshold: [0, 1] },
  );
  for (const section of sections) observer.observe(section);
}
