// Looks over every page, as everybody sees it: accessible, valid, and never wider than the screen.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { assertQuiet, findings, launch, markupFaults, sideways, visitor } from './browser.js';
import { MAIL, atTheDesk, deskPages, invitation, publicPages, speak } from './pages.js';
import { start } from './server.js';

/** Where axe-core looks; Polish on all of them, English on the first. */
const VIEWS = [
  { width: 1280, colorScheme: 'light' },
  { width: 360, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark', onlyColours: true },
  { width: 768, colorScheme: 'dark' },
];
const FULL = { pl: VIEWS.slice(0, 3), en: VIEWS.slice(0, 1) };
/** A page of each kind of layout is looked at between the widths, too. */
const ALSO_768 = ['home', 'a step', 'report: mistakes', 'ticket', 'queue'];

let portal, browser, link;

before(async () => {
  portal = await start({ settings: { DZWONI_TRUSTED_PROXIES: '127.0.0.1' }, mail: MAIL });
  browser = await launch();
  const desk = await atTheDesk(browser, portal.url);
  link = await invitation(desk, 'Anna Nowicka');
  await desk.context().close();
});

after(async () => {
  await browser?.close();
  await portal?.stop();
});

test('a first view fits into the first packets of a connection', async () => {
  const html = await (await fetch(`${portal.url}/pl`)).text();
  const [css] = /\/static\/[^"]+\.css/.exec(html);
  const [js] = /\/static\/[^"]+\.js/.exec(html);
  const sizes = await Promise.all(['/pl', css, js].map((address) => compressedSize(portal.url + address)));
  assert.ok(sizes.reduce((sum, size) => sum + size) < 14 * 1024, `HTML, CSS and JavaScript have ${sizes} bytes`);
});

describe('every page', { concurrency: 2 }, () => {
  for (const lang of ['pl', 'en']) {
    test(`public, ${lang}`, async (story) => {
      const page = await visitor(browser, portal.url);
      await lookOver(story, page, lang, await publicPages(page, lang));
    });
  }
  test('desk, pl, then en', async (story) => {
    const page = await atTheDesk(browser, portal.url);
    for (const lang of ['pl', 'en']) {
      await speak(page, lang);
      await lookOver(story, page, lang, await deskPages(page, `${link}?lang=${lang}`));
    }
  });
});

function compressedSize(address) {
  return new Promise((resolve, reject) => {
    get(address, { headers: { 'accept-encoding': 'br' } }, async (answer) => {
      let size = 0;
      for await (const chunk of answer) size += chunk.length;
      if (answer.headers['content-encoding'] === 'br') resolve(size);
      else reject(new Error(`${address} is not compressed`));
    }).on('error', reject);
  });
}

async function lookOver(story, page, lang, pages) {
  for (const [name, open] of Object.entries(pages)) {
    await story.test(`${name}, ${lang}`, async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: 'light' });
      await open(page);
      assert.equal(await page.locator('html').getAttribute('lang'), lang);
      assert.deepEqual(await markupFaults(page), [], 'the HTML is not valid');
      const views = lang === 'pl' && ALSO_768.includes(name) ? VIEWS : FULL[lang];
      for (const { width, colorScheme, onlyColours } of views) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await findings(page, { onlyColours }), [], `axe-core at ${width}, ${colorScheme}`);
      }
      for (const width of [320, 360]) {
        await page.setViewportSize({ width, height: 800 });
        assert.equal(await sideways(page), 0, `scrolls sideways at ${width}`);
      }
      assertQuiet(page);
    });
  }
}
