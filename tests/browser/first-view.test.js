// The first view of a page: what fits into it, and that it does not move.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { horizontalOverflow, openPage } from './browser.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';
import { publishedIncidents } from './scenarios.js';

/** A small phone. */
const PHONE = { width: 360, height: 640, touch: true };

useFixtures();
afterEach(closeAllPages);

const bottom = (locator) => locator.evaluate((one) => one.getBoundingClientRect().bottom);

test('an incident leaves problems and question on the first screen of a small phone', async () => {
  await publishedIncidents(await openPage(browser, portal.url));
  for (const lang of ['pl', 'en']) {
    const page = await openPage(browser, portal.url, PHONE);
    await page.goto(`/${lang}`);
    const incidents = page.locator('.incident-notice');
    await incidents.first().waitFor();
    for (const incident of await incidents.all()) {
      assert.ok((await incident.boundingBox()).height <= 48, 'an incident is one line');
    }
    assert.equal(await horizontalOverflow(page), 0);
    assert.ok((await bottom(page.locator('.card').first())) <= PHONE.height, 'the first problem is in sight');
    await page.goto(`/${lang}/guide/outgoing`);
    assert.ok((await bottom(page.locator('h1'))) <= (PHONE.height * 3) / 4, 'so is the question of the first step');
    // the text is on the page of the incident
    await incidents.getByRole('link').first().tap();
    await page.waitForURL('**/incident/*');
    assert.ok(await page.locator('.preformatted').first().isVisible());
  }
});

test('the pages of checks that need a script do not move when it starts', async () => {
  for (const [path, script, start] of [['link', 'line-test-page', 'form[data-state=start]'], ['sound', 'sound-check', '[data-listen]']]) {
    for (const width of [360, 1280]) {
      const page = await openPage(browser, portal.url, { width });
      // as over a slow line: long after the page itself
      await page.route(`**/static/${script}*.js`, async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await route.continue();
      });
      await page.goto(`/pl/check/${path}`);
      await page.locator(start).waitFor();
      const shift = await page.evaluate(
        () =>
          new Promise((resolve) => {
            new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
              .observe({ type: 'layout-shift', buffered: true });
            // without any shift the observer is not called
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
          }),
      );
      assert.ok(shift < 0.02, `the layout of ${path} at ${width} pixels shifted by ${shift}`);
      assert.ok((await horizontalOverflow(page)) <= 0);
    }
  }
});
