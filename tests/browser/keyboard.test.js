// The main journeys by keyboard alone.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { assertNoBrowserErrors, openPage } from './browser.js';
import { DEMO } from './server.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

useFixtures();
afterEach(closeAllPages);

/** Presses Tab until `locator` has the focus; every element on the way must show its focus. */
async function tabTo(page, locator, most = 40) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const at = document.activeElement;
      const outlines = [getComputedStyle(at), getComputedStyle(at, '::after')];
      const shown = outlines.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2);
      const { top, bottom } = at.getBoundingClientRect();
      return { shown, inside: bottom > 0 && top < innerHeight, what: at.outerHTML.slice(0, 200) };
    });
    assert.ok(seen.shown, `on the way to ${locator}, the focus can't be seen on ${seen.what}`);
    assert.ok(seen.inside, `the focus is off the screen on ${seen.what}`);
    if (await locator.evaluate((wanted) => wanted === document.activeElement)) return;
  }
  assert.fail(`${locator} can't be reached in ${most} presses`);
}

test('a customer sends a report by keyboard alone', async () => {
  const page = await openPage(browser, portal.url, { width: 768 });
  const key = (name) => page.keyboard.press(name);
  await page.goto('/pl');

  await key('Tab');
  const skip = page.locator('.skip:focus');
  assert.ok((await skip.boundingBox()).y >= 0, 'the link past the header comes into sight');
  await key('Enter');
  await page.waitForURL('**/pl#content');

  await tabTo(page, page.getByRole('link', { name: 'Nie mogę zadzwonić', exact: true }));
  await key('Enter');
  await page.waitForURL('**/guide/outgoing');
  for (const text of ['Tak', 'Do nikogo', 'Nie', 'Cena mieści się w limicie', 'Cena mieści się w limicie', 'Nie wiem']) {
    const before = page.url();
    await tabTo(page, page.locator('.answer', { has: page.getByText(text, { exact: true }) }));
    await key('Enter');
    await page.waitForURL((url) => url.href !== before);
  }

  await page.waitForURL('**/report?**');
  await tabTo(page, page.locator('#caller'));
  await page.keyboard.type('48221-101');
  await tabTo(page, page.locator('#callee'));
  await page.keyboard.type('22 555 01 20');
  await tabTo(page, page.locator('[name=day][value=today]'));
  await key('ArrowRight');
  assert.ok(await page.locator('[name=day][value=yesterday]').isChecked(), 'arrows choose');
  await tabTo(page, page.locator('#time'));
  await page.keyboard.type('1405');
  await tabTo(page, page.locator('[name=service]:checked'));
  await key('ArrowUp');
  await tabTo(page, page.locator('#description'));
  await page.keyboard.type('Linia pierwsza');
  await key('Enter');
  await page.keyboard.type('i druga.');
  // a forgotten contact
  await tabTo(page, page.getByRole('button', { name: 'Wyślij zgłoszenie' }));
  await key('Space');
  await page.locator('.error-summary:focus').waitFor();
  const errorLink = page.locator('.error-summary a').first();
  await tabTo(page, errorLink);
  await key('Enter');
  await page.locator('#email:focus').waitFor();
  await page.keyboard.type('jan@example.com');
  await key('Enter');
  await page.waitForURL('**/ticket/**');
  assert.match(await page.locator('main').innerText(), /48221-101[^]*22 555 01 20[^]*14:05/);
  assertNoBrowserErrors(page);
});

test('staff sign in and answer a ticket by keyboard alone', async () => {
  const page = await openPage(browser, portal.url);
  const key = (name) => page.keyboard.press(name);
  await page.goto('/staff');
  await tabTo(page, page.locator('#email'));
  await page.keyboard.type(DEMO.email);
  await tabTo(page, page.locator('#password'));
  await page.keyboard.type(DEMO.password);
  await key('Enter');
  await page.locator('.queue-layout').waitFor();

  await key('Tab');
  await key('Enter');
  await page.waitForURL('**#content');
  const first = page.locator('.ticket-table tbody a').first();
  await tabTo(page, first);
  await key('Enter');
  await page.waitForURL('**/tickets/**');
  await tabTo(page, page.locator('#text'));
  await page.keyboard.type('Sprawdzamy.');
  await tabTo(page, page.locator('#compose .btn.positive'));
  await key('Enter');
  await page.locator('.title-bar .tag.ok').waitFor();
  assertNoBrowserErrors(page);
});
