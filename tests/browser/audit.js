// Audits pages: accessibility, valid HTML, and no horizontal scrolling.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { invitationLink, setLanguage, signedInPage } from './actors.js';
import { assertNoBrowserErrors, axeViolations, compressedBytes, horizontalOverflow, htmlErrors, openPage, setFont } from './browser.js';
import { deskPages } from './desk-pages.js';
import { browser, portal, useFixtures } from './fixtures.js';
import { publicPages } from './public-pages.js';
import { SERVER_OPTIONS } from './scenarios.js';

/** The views that axe-core checks; Polish pages in the first three, English ones in the first. */
const VIEWS = [
  { width: 1280, colorScheme: 'light' },
  { width: 360, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark', onlyColours: true },
  { width: 768, colorScheme: 'dark' },
];
const FULL = { pl: VIEWS.slice(0, 3), en: VIEWS.slice(0, 1) };
/** One page of each layout is checked at a medium width too. */
const ALSO_768 = ['home', 'guide step', 'report: validation errors', 'ticket', 'queue'];

/** A narrow and a wide font. */
const FONTS = ['Roboto', 'DejaVu Sans'];

/** What a server can send before the first acknowledgement, in bytes: ten packets (RFC 6928). */
const INITIAL_WINDOW = 14 * 1024;

/** Audits all public pages in a language. Call it once in a test file, so that the languages run side by side. */
export function auditPublicPages(lang) {
  useFixtures({ serverOptions: SERVER_OPTIONS });
  test(`public pages, ${lang}`, async (context) => {
    const page = await openPage(browser, portal.url);
    await auditPages(context, page, lang, await publicPages(page, lang), { maxBytes: INITIAL_WINDOW });
  });
}

/** Audits all staff pages in a language. Call it once in a test file. */
export function auditDeskPages(lang) {
  useFixtures({ serverOptions: SERVER_OPTIONS });
  test(`staff pages, ${lang}`, async (context) => {
    const page = await signedInPage(browser, portal.url);
    const link = await invitationLink(page, 'Anna Nowicka');
    await setLanguage(page, lang);
    await auditPages(context, page, lang, await deskPages(page, `${link}?lang=${lang}`));
  });
}

/** Runs one subtest of `context` for each page, which has at most `maxBytes` bytes. */
async function auditPages(context, page, lang, pages, { maxBytes = Infinity } = {}) {
  for (const [name, open] of Object.entries(pages)) {
    await context.test(`${name}, ${lang}`, async () => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.emulateMedia({ colorScheme: 'light' });
      await open(page);
      assert.equal(await page.locator('html').getAttribute('lang'), lang);
      assert.deepEqual(await htmlErrors(page), [], 'HTML errors');
      const size = await compressedBytes(page);
      assert.ok(size <= maxBytes, `the first view has ${size} bytes`);
      const views = lang === 'pl' && ALSO_768.includes(name) ? VIEWS : FULL[lang];
      for (const { width, colorScheme, onlyColours } of views) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await axeViolations(page, { onlyColours }), [], `axe-core at ${width}, ${colorScheme}`);
      }
      for (const font of FONTS) {
        await setFont(page, font);
        for (const width of [320, 360]) {
          await page.setViewportSize({ width, height: 800 });
          assert.equal(await horizontalOverflow(page), 0, `scrolls horizontally at ${width} in ${font}`);
        }
      }
      assertNoBrowserErrors(page);
    });
  }
}
