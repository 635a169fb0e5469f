import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { readContract } from '@sql-sessions/contract/model';
import { readFixture, readRenamedFixture } from '@sql-sessions/testing/contracts';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildSite, type Site } from '../src/build-site.ts';
import { adviceOf } from '../src/contract/statuses.ts';
import { description, plainText, renderMarkdown } from '../src/render/markdown.ts';
import { failuresOf } from '../src/site/error-catalogue.ts';
import { ROOT, readSources } from '../src/site/repository.ts';
import { changedSite, pageOf, siteOf } from './support/site-fixture.ts';

/** One published address a line. Lines are added at a release and never taken away: other pages link to them. */
const PUBLISHED = new URL('published-anchors.txt', import.meta.url);
const REPOSITORY = 'https://code.example/blob/main';

/** Every kind of contract: ours with one operation, several, all keywords, other names, what others write. */
const SITES: Record<string, () => Promise<Site>> = {
  'the live contract': () => buildSite(),
  'the contract between two releases': () => changedSite({ repository: REPOSITORY }),
  family: () => siteOf(readFixture('family'), { repository: REPOSITORY }),
  'family, renamed': () => siteOf(readRenamedFixture('family')),
  everything: () => siteOf(readFixture('everything'), { repository: REPOSITORY }),
  'everything, renamed': () => siteOf(readRenamedFixture('everything')),
  foreign: () => siteOf(readFixture('foreign')),
};

let site: Site;

/** The standard's rules; how markup is laid out is a matter of taste. */
const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ['html-validate:standard'],
    rules: {
      'attr-quotes': 'off',
      'doctype-style': 'off',
      'long-title': 'off',
      'no-raw-characters': 'off',
      'no-trailing-whitespace': 'off',
    },
  }),
);

function pages(from: Site = site): [string, string][] {
  return [...from.files].flatMap(([name, content]) =>
    name.endsWith('.html') ? [[name, String(content)] as [string, string]] : [],
  );
}

function all(markup: string, pattern: RegExp): string[] {
  return [...markup.matchAll(pattern)].map((match) => decode(match[1] ?? ''));
}

function decode(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');
}

const ids = (markup: string) => all(markup, /\sid="([^"]*)"/g);
const links = (markup: string) => all(markup, /<a [^>]*?href="([^"]*)"/g);

/** What is wrong with a relative link on a page; null: nothing. */
function broken(from: string, href: string): string | null {
  if (/^(https?|mailto|data):/.test(href)) return null;
  const [path = '', anchor] = href.split('#');
  let target = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), path));
  if (target === './' || target === '.') target = 'index.html';
  if (target.endsWith('/')) target += 'index.html';
  const content = site.files.get(target);
  if (content === undefined) return `${from}: ${href} leads to no file`;
  if (anchor === undefined || anchor.startsWith('/')) return null;
  return ids(String(content)).includes(decodeURIComponent(anchor))
    ? null
    : `${from}: ${href} leads to no anchor`;
}

/** What stands in code is no link. */
function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
}

describe.each(Object.entries(SITES))('%s', (_name, build) => {
  beforeAll(async () => {
    site = await build();
  });

  test('every link on every page leads somewhere', () => {
    const problems = pages()
      .filter(([name]) => name !== '404.html')
      .flatMap(([name, markup]) => links(markup).map((href) => broken(name, href)));
    expect(problems.length).toBeGreaterThan(200);
    expect(problems.filter(Boolean)).toEqual([]);
  });

  test('every page can be reached from the reference', () => {
    const seen = new Set<string>();
    const follow = (name: string) => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const href of links(String(site.files.get(name)))) {
        const [path = ''] = href.split('#');
        if (/^[a-z]+:/.test(path) || path === '') continue;
        const target = posix.normalize(posix.join(posix.dirname(name), path));
        const file = target === './' ? 'index.html' : target.replace(/\/$/, '/index.html');
        if (file.endsWith('.html') && site.files.has(file)) follow(file);
      }
    };
    follow('index.html');
    expect(
      site.pages.map(({ path }) => `${path}index.html`).filter((name) => !seen.has(name)),
    ).toEqual([]);
  });

  test('every link in a Markdown twin leads somewhere', () => {
    const problems = [...site.files]
      .filter(([name]) => name.endsWith('.md') || name === 'llms.txt')
      .flatMap(([name, text]) =>
        all(withoutCode(String(text)), /\]\(([^)\s]+)\)/g).map((href) => {
          const [path = ''] = href.split('#');
          if (path === '' || /^[a-z]+:/.test(path)) return null;
          const target = posix.normalize(posix.join(posix.dirname(name), path));
          return site.files.has(target) ? null : `${name}: ${href}`;
        }),
      );
    expect(problems.length).toBeGreaterThan(30);
    expect(problems.filter(Boolean)).toEqual([]);
  });

  test('every page is valid HTML', async () => {
    const problems = await Promise.all(
      pages().map(async ([name, markup]) => {
        const { results } = await validator.validateString(markup);
        return results.flatMap(({ messages }) =>
          messages.map(({ ruleId, message, line }) => `${name}:${line} ${ruleId}: ${message}`),
        );
      }),
    );
    expect(problems.flat()).toEqual([]);
  });

  test('no id is used twice on a page', () => {
    for (const [name, markup] of pages()) {
      const used = ids(markup);
      expect(
        used.filter((id, index) => used.indexOf(id) !== index),
        name,
      ).toEqual([]);
    }
  });

  test('headings go down one level at a time, from one first heading', () => {
    for (const [name, markup] of pages()) {
      const levels = all(markup, /<h([1-6])[ >]/g).map(Number);
      expect(
        levels.filter((level) => level === 1),
        name,
      ).toHaveLength(1);
      const jumps = levels.filter((level, index) => level > (levels[index - 1] ?? level) + 1);
      expect(jumps, name).toEqual([]);
    }
  });

  test('no page refers to the top of a host, so a sub-path is fine', () => {
    for (const [name, markup] of pages()) {
      // What is missing is missing at any depth, so its page can only speak from the top.
      if (name === '404.html') continue;
      expect(all(markup, /(?:href|src|data-script)="(\/[^"]*)"/g), name).toEqual([]);
    }
  });

  test('the policy lets exactly our inline code run, and only the reference call other addresses', () => {
    for (const [name, markup] of pages()) {
      const policy = decode(
        /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(markup)?.[1] ?? '',
      );
      const hash = (text: string) =>
        `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
      const scripts = [...markup.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) =>
        hash(text),
      );
      expect(scripts, name).toHaveLength(1);
      expect(policy, name).toContain(`script-src 'self' ${scripts[0]};`);
      const styles = [...markup.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, text = '']) =>
        hash(text),
      );
      expect(policy, name).toContain(`style-src 'self' ${styles[0]} ${hash('')};`);
      expect(policy, name).toContain("default-src 'none'");
      expect(policy, name).not.toContain('unsafe');
      expect(policy.includes("connect-src 'self' http: https:"), name).toBe(
        /<main id="main" class="reference"/.test(markup),
      );
      expect(all(markup, /\s(on[a-z]+|style)="/g), name).toEqual([]);
    }
  });
});

describe('as it is published', () => {
  beforeAll(async () => {
    site = await buildSite();
  });

  test('a link of a package’s text to another text leads to its page, not to GitHub', () => {
    for (const name of ['client', 'mock', 'conformance', 'contract']) {
      const page = site.files.get(`packages/${name}/index.html`);
      const outside = links(String(page)).filter((href) => /\/blob\/main\/docs\//.test(href));
      expect(outside, name).toEqual([]);
    }
    const client = links(String(site.files.get('packages/client/index.html')));
    expect(client).toContain('../../guides/client/');
  });

  test('every link between the files works on GitHub as well', async () => {
    const problems: string[] = [];
    for (const source of await readSources()) {
      for (const href of links(String(renderMarkdown(source.text).html))) {
        if (/^[a-z]+:/.test(href)) continue;
        const [path = '', anchor] = href.split('#');
        const file = path === '' ? source.file : posix.join(posix.dirname(source.file), path);
        const found = await access(join(ROOT, file)).then(
          () => true,
          () => false,
        );
        if (!found) problems.push(`${source.file}: ${href} leads to no file`);
        else if (anchor !== undefined && file.endsWith('.md')) {
          const { headings } = renderMarkdown(await readFile(join(ROOT, file), 'utf8'));
          if (!headings.some(({ id }) => id === anchor))
            problems.push(`${source.file}: ${href} leads to no heading`);
        }
      }
    }
    expect(problems).toEqual([]);
  });

  test('every documented error has one place in the catalogue, with what the contract advises', async () => {
    const built = await siteOf(readFixture('family'));
    const catalogue = built.pages.find(({ path }) => path === 'errors/');
    const failures = failuresOf(readContract(readFixture('family')));
    expect(failures.size).toBeGreaterThan(5);
    for (const [status, all] of failures) {
      expect(catalogue?.headings.map(({ id }) => id)).toContain(status);
      const [, after = ''] = catalogue?.main.text.split(`<h2 id="${status}">`) ?? [];
      const section = plainText(after.split('<h2')[0] ?? '').replaceAll(/\s+/g, ' ');
      for (const { response, operations } of all) {
        for (const { text } of adviceOf(response)) {
          expect(section).toContain(
            plainText(String(description(text)))
              .replaceAll(/\s+/g, ' ')
              .trim(),
          );
        }
        for (const { summary } of operations) expect(section).toContain(summary);
      }
    }
  });

  test('without an address no page claims one', () => {
    expect(site.files.has('sitemap.xml')).toBe(false);
    for (const [name, markup] of pages()) {
      expect(markup, name).not.toContain('rel="canonical"');
      expect(markup, name).not.toContain('og:url');
    }
  });

  test('with an address every page says where it is, and the sitemap lists them all', async () => {
    const published = await buildSite({ baseUrl: 'https://docs.example/some/repo' });
    const sitemap = String(published.files.get('sitemap.xml'));
    for (const page of published.pages) {
      const markup = String(published.files.get(`${page.path}index.html`));
      const address = `https://docs.example/some/repo/${page.path}`;
      expect(markup).toContain(`<link rel="canonical" href="${address}">`);
      expect(markup).toContain(`<meta property="og:url" content="${address}">`);
      expect(markup).toContain(
        '<meta property="og:image" content="https://docs.example/some/repo/assets/preview.png">',
      );
      expect(sitemap).toContain(`<loc>${address}</loc>`);
      expect(page.description.length, page.path).toBeGreaterThan(10);
      expect(markup).toMatch(/<title>[^<]{5,}<\/title>/);
    }
    // The page for what is missing is shown at any depth, and is no page of its own.
    const missing = String(published.files.get('404.html'));
    const addresses = all(missing, /(?:href|src|data-top)="([^"#]+)"/g);
    expect(addresses.length).toBeGreaterThan(10);
    expect(addresses.filter((each) => !/^(\/some\/repo\/|data:)/.test(each))).toEqual([]);
    expect(missing).toContain('<meta name="robots" content="noindex">');
    expect(missing).not.toContain('rel="canonical"');
    expect(published.files.get('robots.txt')).toContain(
      'https://docs.example/some/repo/sitemap.xml',
    );
  });

  test('the picture for link previews is a PNG of 1200 by 630', () => {
    const picture = Buffer.from(site.files.get('assets/preview.png') as Uint8Array);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1200, 630]);
    expect(picture.byteLength).toBeLessThan(150_000);
  });

  test('llms.txt lists every page, and the reference says there what the page says', async () => {
    const list = String(site.files.get('llms.txt'));
    for (const { path } of site.pages) expect(list).toContain(`(${path}index.md)`);
    const twin = String(site.files.get(`${await pageOf()}index.md`));
    for (const fact of [
      'workspace_id',
      '1 to 36 characters',
      '403',
      '"error_code": 403',
      'X-Auth-Token',
    ]) {
      expect(twin).toContain(fact);
    }
  });

  test('the JSON-LD is true', () => {
    const markup = String(site.files.get('index.html'));
    const data = JSON.parse(
      /<script type="application\/ld\+json">(.*?)<\/script>/.exec(markup)?.[1] ?? '',
    );
    const contract = JSON.parse(String(site.files.get('openapi.json')));
    expect(data).toMatchObject({ '@type': 'APIReference', version: contract.info.version });
  });

  test('scripts have a hash in their names', () => {
    const scripts = [...site.files.keys()].filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(3);
    expect(
      scripts.filter((name) => !/^assets\/[a-z-]+\.[0-9A-Za-z]{8,10}\.js$/.test(name)),
    ).toEqual([]);
  });

  test('no address that was published has disappeared', async () => {
    const lines = (await readFile(PUBLISHED, 'utf8')).split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(80);
    const newest = [...site.files.keys()].filter((name) =>
      /^((operations\/[^/]+|schemas)\/)?index\.html$/.test(name),
    );
    const lost = lines.filter((line) => {
      const [path = '', anchor] = line.split('#');
      const file = path === '' || path.endsWith('/') ? `${path}index.html` : path;
      // With more operations the parts of one have a page of their own, to which the overview leads.
      const places = path === '' ? newest : [file];
      return !places.some((place) => {
        const markup = site.files.get(place);
        return markup !== undefined && (!anchor || ids(String(markup)).includes(anchor));
      });
    });
    expect(lost).toEqual([]);
  });
});
