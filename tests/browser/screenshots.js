// Saves screenshots of all pages to shots/: `node screenshots.js [parts of names,…]`.

import { mkdir } from 'node:fs/promises';

import { launch, openPage } from './browser.js';
import { deskPages } from './desk-pages.js';
import { invitationLink, setLanguage, signedInPage } from './actors.js';
import { publicPages } from './public-pages.js';
import { startPortal } from './server.js';
import { SERVER_OPTIONS } from './scenarios.js';

const parts = (process.argv[2] ?? '').split(',');
const langs = (process.env.LANGS ?? 'pl').split(',');
const sizes = (process.env.WIDTHS ?? '360,768,1280').split(',').map(Number);
const schemes = (process.env.SCHEMES ?? 'light,dark').split(',');

const portal = await startPortal(SERVER_OPTIONS);
const browser = await launch();
await mkdir('shots', { recursive: true });
try {
  const visitorPage = await openPage(browser, portal.url);
  for (const lang of langs) await takeScreenshots(visitorPage, 'public', lang, await publicPages(visitorPage, lang));
  const desk = await signedInPage(browser, portal.url);
  const link = await invitationLink(desk, 'Anna');
  for (const lang of langs) {
    await setLanguage(desk, lang);
    await takeScreenshots(desk, 'desk', lang, await deskPages(desk, `${link}?lang=${lang}`));
  }
} finally {
  await browser.close();
  await portal.stop();
}

async function takeScreenshots(page, side, lang, pages) {
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
