// The staff pages by keyboard and by touch.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, axeViolations, openPage } from './browser.js';
import { referenceIn, sendReport, signedInPage } from './actors.js';
import { browser, portal, useFixtures } from './fixtures.js';

let customer, page;

useFixtures({
  setUp: async () => {
    customer = await openPage(browser, portal.url, { js: false });
  },
});

afterEach(async () => {
  assertNoBrowserErrors(page);
  await page.context().close();
});

const report = async (more) => referenceIn(await sendReport(customer, 'pl', more));
const key = (name) => page.keyboard.press(name);
const focused = () => page.evaluate(() => document.activeElement.textContent);
const cursor = () => page.locator('.ticket-table tr.is-cursor th a').innerText();
const count = () => page.locator('[data-selected-count]').innerText();
const references = () => page.locator('.ticket-table tbody th a').allInnerTexts();
const selected = () => page.locator('.ticket-table tr.is-selected th a').allInnerTexts();

/** Presses a key and waits for the next page. */
async function go(name) {
  const arrives = page.waitForEvent('load');
  await key(name);
  await arrives;
}

/** Opens a staff page. */
async function desk(address, options) {
  page = await signedInPage(browser, portal.url, options);
  await page.goto(address);
}

describe('staff pages by keyboard', () => {
  test('the phone report form shows similar open tickets while typing', async () => {
    const open = await report({ caller: '22 555 08 88' });
    await desk('/staff');
    await go('p');
    await page.locator('#caller').focus();
    await page.keyboard.type('22 555 08 88');
    await page.locator('[data-similar-url] li').first().waitFor();
    assert.match(await page.locator('[data-similar-url]').innerText(), new RegExp(open));
    assert.equal(await page.locator('[data-similar-button]').isVisible(), false);
    await page.locator('#caller').fill('22 555 08 89');
    await page.getByText('Nie ma otwartych').waitFor();
  });

  test('ten tickets are taken, noted, answered and resolved by keyboard alone', async () => {
    await desk('/staff');
    const longest = (await references()).slice(0, 10);
    const done = [];
    for (let ticket = 0; ticket < 10; ticket += 1) {
      await go('n');
      done.push(await page.locator('h1').innerText());
      await key('i');
      await page.keyboard.type('Sprawdzam drugą trasę, t n e.');
      await go('Control+Enter');
      await key('r');
      await page.keyboard.type('Połączenia znów działają.');
      await go('Control+Enter');
      await key('Escape');
      await go('e');
      assert.equal(await page.locator('.title-bar .tag').first().innerText(), 'rozwiązane');
      const history = await page.locator('.history').innerText();
      for (const part of [/: wzięte/, /: notatka/, /: odpowiedź do klienta/, /: rozwiązane/]) assert.match(history, part);
    }
    assert.deepEqual(done, longest, 'who has waited longest comes first');
    await go('u');
    assert.equal(new URL(page.url()).pathname, '/staff');
    const left = await references();
    assert.ok(!done.some((reference) => left.includes(reference)));
  });

  test('the queue cursor moves, opens a ticket, and is restored on return', async () => {
    await desk('/staff?view=all');
    const list = await references();
    await key('j');
    assert.equal(await cursor(), list[0]);
    assert.equal(await focused(), list[0], 'a screen reader follows');
    for (const name of ['j', 'j', 'j', 'k']) await key(name);
    assert.equal(await cursor(), list[2]);
    assert.equal(await page.locator('.ticket-table [aria-current=true]').count(), 1);
    for (let row = 0; row < 30; row += 1) await key('j');
    const place = await page.locator('.ticket-table tr.is-cursor').boundingBox();
    const bottomBar = await page.locator('.bottom-bar').boundingBox();
    assert.ok(place.y > 0 && place.y + place.height <= bottomBar.y, 'it stays in sight');

    await go('Enter');
    assert.equal(await page.locator('h1').innerText(), list[32]);
    await go('u');
    assert.equal(await cursor(), list[32]);
    assert.equal(await focused(), list[32]);
  });

  test('rows are selected singly, as a range, all and none', async () => {
    await desk('/staff?view=all');
    const list = await references();
    assert.ok(!(await page.locator('.bulk-bar').isVisible()), 'nothing is selected');
    for (const name of ['j', 'x', 'j', 'j', 'j', 'Shift+X']) await key(name);
    assert.deepEqual(await selected(), list.slice(0, 4));
    assert.equal(await count(), '4');
    await key('k');
    await key('x');
    assert.equal(await count(), '3');
    await key('Escape');
    assert.deepEqual(await selected(), []);
    assert.ok(!(await page.locator('.bulk-bar').isVisible()));

    // the same by mouse
    await page.getByLabel(`Zaznacz ${list[1]}`).click();
    await page.getByLabel(`Zaznacz ${list[5]}`).click({ modifiers: ['Shift'] });
    assert.deepEqual(await selected(), list.slice(1, 6));
    await page.getByLabel('Zaznacz wszystkie na stronie').check();
    assert.equal(await count(), String(list.length));
    await page.getByRole('button', { name: /^Odznacz/ }).click();
    assert.deepEqual(await selected(), []);
  });

  test('a shortcut takes the selection or the row under the cursor, and undo returns it', async () => {
    const [one, two] = [await report(), await report()];
    await desk('/staff?view=new&sort=newest');
    assert.deepEqual((await references()).slice(0, 2), [two, one]);
    await key('j');
    await go('t');
    await page.getByText('Zmieniono 1 zgłoszenie').waitFor();
    assert.ok(!(await references()).includes(two));
    // the cursor is on what has moved up
    await key('j');
    assert.equal(await cursor(), one);
    const undo = page.locator('[data-undo-seconds]');
    assert.match(await undo.innerText(), /\d+ s/);
    await go('z');
    assert.ok((await references()).includes(two));
  });

  test('clearing the selection from the bulk bar moves the focus to the cursor row', async () => {
    await desk('/staff?view=all');
    const list = await references();
    for (const name of ['j', 'j', 'x']) await key(name);
    await page.getByRole('button', { name: 'Weź', exact: true }).focus();
    await key('Escape');
    assert.deepEqual(await selected(), []);
    assert.equal(await focused(), list[1]);
    await key('j');
    assert.equal(await cursor(), list[2]);
  });

  test('the bottom bar never covers the focused element', async () => {
    await desk('/staff?view=all');
    for (const width of [1280, 1000]) {
      await page.setViewportSize({ width, height: 800 });
      await page.reload();
      await key('j');
      await key('x');
      for (let row = 0; row < 60; row += 1) {
        await key('Tab');
        const hidden = await page.evaluate(() => {
          const { bottom } = document.activeElement.closest('tr').getBoundingClientRect();
          return bottom - document.querySelector('.bottom-bar').getBoundingClientRect().top;
        });
        assert.ok(hidden <= 0, `${width}: ${hidden} px of the row are hidden after Tab ${row + 1}`);
      }
      await page.evaluate(() => sessionStorage.clear());
    }
  });

  test('the account menu closes on Escape, Tab and click outside', async () => {
    await desk('/staff?view=all');
    const menu = page.locator('.account-menu');
    const summary = menu.locator('summary');
    const isOpen = () => menu.evaluate((one) => one.open);
    await summary.focus();
    for (const name of ['Enter', 'Tab', 'Escape']) await key(name);
    assert.equal(await isOpen(), false);
    assert.ok(await summary.evaluate((one) => one === document.activeElement), 'the focus is where it was before');
    await key('Enter');
    for (let item = 0; item < 3; item += 1) await key('Tab');
    assert.ok(await isOpen(), 'its items are in it');
    await key('Tab');
    assert.equal(await isOpen(), false, 'by Tab');
    await summary.click();
    assert.ok(await isOpen());
    await page.locator('.queue-legend').last().click();
    assert.equal(await isOpen(), false, 'by a click');
  });

  test('the menu of the navigation opens by keyboard and closes on Escape, Tab and click outside', async () => {
    await desk('/staff?view=all');
    const menu = page.locator('.nav-more details');
    const summary = menu.locator('summary');
    const isOpen = () => menu.evaluate((one) => one.open);
    await summary.focus();
    for (const name of ['Enter', 'Tab', 'Escape']) await key(name);
    assert.equal(await isOpen(), false);
    assert.ok(await summary.evaluate((one) => one === document.activeElement), 'the focus is where it was before');
    await key('Enter');
    const links = await menu.getByRole('link').count();
    for (let item = 0; item < links; item += 1) await key('Tab');
    assert.ok(await isOpen(), 'its items are in it');
    assert.equal(await focused(), 'Poradniki');
    await key('Tab');
    assert.equal(await isOpen(), false, 'by Tab');
    await summary.click();
    await page.locator('.account-menu summary').click();
    assert.equal(await isOpen(), false, 'by the other menu');
    await key('Escape');
    await summary.click();
    await page.locator('.queue-legend').last().click();
    assert.equal(await isOpen(), false, 'by a click');
    await summary.click();
    await menu.getByRole('link', { name: 'Blokady' }).click();
    await page.waitForURL('**/staff/blocklist');
  });

  test('a form page focuses its first field or its first error', async () => {
    const address = `/staff/tickets/${await report()}`;
    await desk(address);
    const name = () => page.evaluate(() => document.activeElement.name);
    await go('w');
    assert.equal(await name(), 'waiting_for');
    for (const [detail, first] of [['caller', 'caller'], ['time', 'day'], ['message', 'error_text']]) {
      await page.goto(`${address}/details/${detail}`);
      assert.equal(await name(), first);
    }
    await page.goto('/staff');
    await go('p');
    assert.equal(await name(), 'channel');
    // what is wrong comes first
    await page.locator('main form .btn').first().click();
    await page.locator('.error-summary:focus').waitFor();
    await page.goto(`${address}/details/time`);
    await page.locator('[name=day][value=other]').check();
    await page.locator('#date').fill('31.02.2026');
    await page.locator('main form .btn').click();
    await page.locator('#date:focus').waitFor();
  });

  test('the undo button counts down and disappears', async () => {
    await report();
    await desk('/staff?view=new&sort=newest');
    await page.clock.install();
    await key('j');
    await go('t');
    await page.locator('[data-undo-seconds]').waitFor();
    await page.clock.runFor(20_000);
    await page.locator('[data-undo-seconds]').waitFor({ state: 'detached' });
    assert.ok(await page.getByText('Zmieniono 1 zgłoszenie').isVisible());
  });

  test('shortcuts are inactive in fields, with Ctrl or Alt, and in the dialog', async () => {
    await desk('/staff?view=all');
    const address = page.url();
    await key('/');
    await page.keyboard.type('jxn?et.');
    assert.equal(await page.locator('#q').inputValue(), 'jxn?et.');
    assert.equal(await page.locator('.ticket-table .is-cursor').count(), 0);
    await key('Escape');
    for (const name of ['Control+j', 'Alt+n', 'Shift+N']) await key(name);
    assert.equal(page.url(), address);
    assert.ok(!(await page.locator('dialog').isVisible()));
    // the dialog keeps them to itself, too
    await key('?');
    await page.locator('dialog[open]').waitFor();
    await key('j');
    assert.equal(await page.locator('.ticket-table .is-cursor').count(), 0);
    await key('Escape');
    assert.ok(!(await page.locator('dialog').isVisible()));
  });

  test('shortcuts can be turned off, and the setting is remembered', async () => {
    await desk('/staff?view=all');
    await page.getByRole('button', { name: 'wszystkie skróty' }).click();
    await page.getByLabel('Skróty jednym klawiszem są włączone').uncheck();
    await key('Escape');
    for (const name of ['j', 'x', 'n', '/', '?', '.']) await key(name);
    await page.goto('/staff?view=all');
    for (const name of ['j', 'x', 'n', '/', '?', '.']) await key(name);
    assert.equal(await page.locator('.ticket-table .is-cursor, .ticket-table .is-selected, dialog[open]').count(), 0);
    assert.ok(!(await page.locator('.queue-legend kbd').first().isVisible()), 'no hint on what does nothing');
    assert.equal(await page.locator('[aria-keyshortcuts]').count(), 0);
    // Tab and Enter are the browser's own
    await page.locator('.ticket-table tbody th a').first().focus();
    await go('Enter');
    assert.match(page.url(), /\/staff\/tickets\//);
    await page.locator('.help-button').click();
    await page.getByLabel('Skróty jednym klawiszem są włączone').check();
    await key('Escape');
    await go('u');
    await key('j');
    await page.locator('.ticket-table .is-cursor').waitFor();
  });
});

describe('the navigation', () => {
  const BAR = ['/staff', '/staff/report', '/staff/incidents', '/staff/inbox'];
  const MENU = ['/staff/emails', '/staff/replies', '/staff/blocklist', '/staff/stats', '/staff/accounts', '/pl'];
  const urls = (links) => links.evaluateAll((all) => all.map((one) => one.getAttribute('href')));

  for (const [width, inBar] of [[320, 2], [360, 2], [768, 3], [1024, 4], [1280, 4], [1600, 4]]) {
    test(`at ${width} pixels the bar is one line, and all its pages are in it or in the menu`, async () => {
      await desk('/staff?view=all', { width, js: false });
      const bar = page.locator('.app-bar');
      assert.deepEqual(await urls(bar.locator('nav > ul > li > a:visible')), BAR.slice(0, inBar));
      for (const lang of ['pl', 'en']) {
        const { height, width: inner } = await bar.evaluate((one) => ({ height: one.clientHeight, width: one.scrollWidth }));
        assert.ok(height < 60 && inner <= width, `${lang}: ${inner} × ${height}`);
        await page.locator('.account-menu summary').click();
        const other = page.locator('.account-menu button[name=lang]');
        const box = await other.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width, lang);
        await other.click();
      }
      await page.locator('.nav-more summary').click();
      const links = page.locator('.nav-more .menu a:visible');
      assert.deepEqual(await urls(links), [...BAR.slice(inBar), ...MENU]);
      for (const link of await links.all()) {
        const box = await link.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width && box.height >= 24, JSON.stringify(box));
      }
      // one menu at a time, without a script too
      await page.locator('.account-menu summary').click();
      assert.equal(await page.locator('.app-bar details[open]').count(), 1);
    });
  }

  test('the current page is marked in the bar, or in the menu and on its button', async () => {
    await desk('/staff/incidents', { width: 1280 });
    const summary = page.locator('.nav-more summary');
    const isMarked = () => summary.evaluate((one) => getComputedStyle(one).backgroundImage !== 'none');
    const current = () => page.locator('.app-bar [aria-current=page]:visible').allInnerTexts();
    assert.deepEqual(await current(), ['Awarie']);
    assert.equal(await isMarked(), false);
    assert.ok(!(await summary.innerText()).includes('bieżąca strona'));
    // e-mails of the demo that need a decision are counted on the button too
    assert.ok(await summary.locator('.attention-count').isVisible());
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await isMarked(), true);
    assert.match(await summary.innerText(), /bieżąca strona: Awarie/);
    await summary.click();
    assert.deepEqual(await current(), ['Awarie']);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/staff/stats');
    assert.equal(await isMarked(), true);
    assert.deepEqual(await current(), []);
    await summary.click();
    assert.deepEqual(await current(), ['Statystyki']);
  });

  test('the open menu is accessible', async () => {
    await desk('/staff/incidents');
    for (const width of [320, 768, 1280]) {
      for (const colorScheme of ['light', 'dark']) {
        await page.setViewportSize({ width, height: 740 });
        await page.emulateMedia({ colorScheme });
        await page.reload();
        await page.locator('.nav-more summary').click();
        assert.deepEqual(await axeViolations(page), [], `${width}, ${colorScheme}`);
      }
    }
  });
});

test('the bulk bar, its menus and the help are accessible', async () => {
  await desk('/staff?view=all');
  await key('j');
  await key('x');
  for (const opened of ['a', 's', 'i', 'm', '?']) {
    await key(opened);
    await page.locator('details.bulk-menu[open], dialog[open]').first().waitFor();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await axeViolations(page), [], `${opened}, ${colorScheme}`);
    }
    if (opened !== '?') await key('Escape');
  }
});

describe('staff pages on a phone', () => {
  test('a ticket is selected, taken and answered by touch', async () => {
    const reference = await report();
    await desk('/staff?view=new&sort=newest', { width: 360, height: 740, touch: true });
    const row = page.locator(`#t-${reference}`);
    await row.getByRole('checkbox').tap();
    assert.equal(await count(), '1');
    await page.getByRole('button', { name: 'Weź', exact: true }).tap();
    await page.getByText('Zmieniono 1 zgłoszenie').waitFor();
    await page.locator('.sidebar').getByRole('link', { name: /^Moje/ }).tap();
    await page.waitForURL('**view=mine**');
    await row.getByRole('link').tap();
    await page.waitForURL('**/tickets/**');
    await page.getByRole('textbox', { name: 'Odpowiedź' }).fill('Działa.');
    await page.getByRole('button', { name: 'Wyślij i rozwiąż' }).tap();
    await page.locator('.title-bar .tag.ok').waitFor();
    assert.ok(!(await page.locator('kbd').first().isVisible()), 'no hints on keys that are not there');
  });

  for (const js of [true, false]) test(`the menus of the bulk bar fit the screen, ${js ? 'with' : 'without'} scripts`, async () => {
    await desk('/staff?view=all', { width: 360, height: 740, touch: true, js });
    await page.locator('.ticket-table tbody').getByRole('checkbox').first().tap();
    for (const name of ['Przypisz…', 'Zmień status…', 'Notatka…', 'Scal…']) {
      await page.locator('summary', { hasText: name }).tap();
      const form = page.locator('details.bulk-menu', { hasText: name }).locator('.popover');
      const { x, y, width, height } = await form.boundingBox();
      assert.ok(x >= 0 && x + width <= 360 && y >= 0 && y + height <= 740, `${name}: ${x}, ${y}, ${width}, ${height}`);
      assert.ok(await form.getByRole('button').isVisible());
      assert.equal(await page.locator('details.bulk-menu[open]').count(), 1, 'one at a time');
    }
  });

  test('new rows are shown by a tap', async () => {
    await desk('/staff?view=new&sort=newest', { width: 360, height: 740, touch: true });
    const reference = await report();
    await page.getByRole('button', { name: '1 nowe, pokaż' }).tap();
    assert.equal((await references())[0], reference);
  });
});
