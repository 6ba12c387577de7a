// Photographs every page into shots/, for people who want to see them side by side: `node shots.js [parts of names,…]`.

import { mkdir } from 'node:fs/promises';

import { launch, visitor } from './browser.js';
import { deskPages } from './desk-pages.js';
import { atTheDesk, invitation, speak } from './people.js';
import { publicPages } from './public-pages.js';
import { start } from './server.js';
import { SETTING } from './ways.js';

const parts = (process.argv[2] ?? '').split(',');
const langs = (process.env.LANGS ?? 'pl').split(',');
const sizes = (process.env.WIDTHS ?? '360,768,1280').split(',').map(Number);
const schemes = (process.env.SCHEMES ?? 'light,dark').split(',');

const portal = await start(SETTING);
const browser = await launch();
await mkdir('shots', { recursive: true });
try {
  const anybody = await visitor(browser, portal.url);
  for (const lang of langs) await photograph(anybody, 'public', lang, await publicPages(anybody, lang));
  const desk = await atTheDesk(browser, portal.url);
  const link = await invitation(desk, 'Anna');
  for (const lang of langs) {
    await speak(desk, lang);
    await photograph(desk, 'desk', lang, await deskPages(desk, `${link}?lang=${lang}`));
  }
} finally {
  await browser.close();
  await portal.stop();
}

async function photograph(page, side, lang, pages) {
  for (const [name, open] of Object.entries(pages)) {
    const file = `${side}-${name}`.replaceAll(/[^a-z]+/g, '-');
    if (!parts.some((part) => file.includes(part))) continue;
    await open(page);
    for (const width of sizes) {
      for (const colorScheme of schemes) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `shots/${file}-${lang}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
  }
}
