/** Takes the pictures of the README and the one for link previews: `docs/images`. Needs a built site and a browser. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '@sql-sessions/testing/browser';
import { serveDocs } from './serve.ts';

const IMAGES = fileURLToPath(new URL('../images/', import.meta.url));
const SHOTS = {
  preview: { path: '', width: 1200, height: 630, colorScheme: 'light', media: 'screen' },
  light: { path: '', width: 1280, height: 640, colorScheme: 'light', media: 'screen' },
  dark: {
    path: '#closeSession-responses',
    width: 1280,
    height: 800,
    colorScheme: 'dark',
    media: 'screen',
  },
  phone: { path: '', width: 390, height: 844, colorScheme: 'light', media: 'screen' },
  print: { path: '', width: 794, height: 1123, colorScheme: 'light', media: 'print' },
} as const;

await mkdir(IMAGES, { recursive: true });
const docs = await serveDocs({ port: 0 });
const browser = await launchBrowser();
try {
  for (const [name, { path, width, height, colorScheme, media }] of Object.entries(SHOTS)) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(docs.url + path);
    await page.emulateMedia({ media, colorScheme });
    await page.screenshot({ path: `${IMAGES}${name}.png` });
    await page.close();
    console.log(`docs/images/${name}.png`);
  }
} finally {
  await browser.close();
  await docs.close();
}
