// Looks over pages as everybody sees them: accessible, valid, and never wider than the screen.

import assert from 'node:assert/strict';

import { assertQuiet, findings, markupFaults, sideways } from './browser.js';

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

/** Each of these pages becomes a test of `story`. */
export async function lookOver(story, page, lang, pages) {
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
