// The desk by keyboard alone, without it, and by touch.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertQuiet, findings, visitor } from './browser.js';
import { atTheDesk, referenceIn, send } from './people.js';
import { browser, portal, stage } from './stage.js';

let customer, page;

stage({
  begin: async () => {
    customer = await visitor(browser, portal.url, { js: false });
  },
});

afterEach(async () => {
  assertQuiet(page);
  await page.context().close();
});

const report = async (more) => referenceIn(await send(customer, 'pl', more));
const key = (name) => page.keyboard.press(name);
const focused = () => page.evaluate(() => document.activeElement.textContent);
const cursor = () => page.locator('.q tr.cur th a').innerText();
const count = () => page.locator('[data-count]').innerText();
const references = () => page.locator('.q tbody th a').allInnerTexts();
const selected = () => page.locator('.q tr.sel th a').allInnerTexts();

/** Presses a key that leads to another page. */
async function go(name) {
  const arrives = page.waitForEvent('load');
  await key(name);
  await arrives;
}

/** Opens a page of the desk; its scripts run. */
async function desk(address, options) {
  page = await atTheDesk(browser, portal.url, options);
  await page.goto(address);
}

describe('by keyboard', () => {
  test('a report is taken down beside the open tickets that are like it', async () => {
    const open = await report({ caller: '22 555 08 88' });
    await desk('/staff');
    await go('p');
    await page.locator('#caller').focus();
    await page.keyboard.type('22 555 08 88');
    await page.locator('[data-similar] li').first().waitFor();
    assert.match(await page.locator('[data-similar]').innerText(), new RegExp(open));
    assert.equal(await page.locator('[data-look]').isVisible(), false);
    await page.locator('#caller').fill('22 555 08 89');
    await page.getByText('Nie ma otwartych').waitFor();
  });

  test('ten tickets are taken, noted, answered and resolved', async () => {
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
      assert.equal(await page.locator('.tt .tag').first().innerText(), 'rozwiązane');
      const told = await page.locator('.history').innerText();
      for (const part of [/: wzięte/, /: notatka/, /: odpowiedź do klienta/, /: rozwiązane/]) assert.match(told, part);
    }
    assert.deepEqual(done, longest, 'who has waited longest comes first');
    await go('u');
    assert.equal(new URL(page.url()).pathname, '/staff');
    const left = await references();
    assert.ok(!done.some((reference) => left.includes(reference)));
  });

  test('the cursor moves, opens, and is found again', async () => {
    await desk('/staff?view=all');
    const list = await references();
    await key('j');
    assert.equal(await cursor(), list[0]);
    assert.equal(await focused(), list[0], 'a screen reader follows');
    for (const name of ['j', 'j', 'j', 'k']) await key(name);
    assert.equal(await cursor(), list[2]);
    assert.equal(await page.locator('.q [aria-current=true]').count(), 1);
    for (let row = 0; row < 30; row += 1) await key('j');
    const place = await page.locator('.q tr.cur').boundingBox();
    const dock = await page.locator('.dock').boundingBox();
    assert.ok(place.y > 0 && place.y + place.height <= dock.y, 'it stays in sight');

    await go('Enter');
    assert.equal(await page.locator('h1').innerText(), list[32]);
    await go('u');
    assert.equal(await cursor(), list[32]);
    assert.equal(await focused(), list[32]);
  });

  test('rows are selected one by one, in a range, all and none', async () => {
    await desk('/staff?view=all');
    const list = await references();
    assert.ok(!(await page.locator('.bulk').isVisible()), 'nothing is selected');
    for (const name of ['j', 'x', 'j', 'j', 'j', 'Shift+X']) await key(name);
    assert.deepEqual(await selected(), list.slice(0, 4));
    assert.equal(await count(), '4');
    await key('k');
    await key('x');
    assert.equal(await count(), '3');
    await key('Escape');
    assert.deepEqual(await selected(), []);
    assert.ok(!(await page.locator('.bulk').isVisible()));

    // the same by mouse
    await page.getByLabel(`Zaznacz ${list[1]}`).click();
    await page.getByLabel(`Zaznacz ${list[5]}`).click({ modifiers: ['Shift'] });
    assert.deepEqual(await selected(), list.slice(1, 6));
    await page.getByLabel('Zaznacz wszystkie na stronie').check();
    assert.equal(await count(), String(list.length));
    await page.getByRole('button', { name: /^Odznacz/ }).click();
    assert.deepEqual(await selected(), []);
  });

  test('what is selected is taken, or else the row under the cursor, and it can be taken back', async () => {
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
    const undo = page.locator('[data-undo]');
    assert.match(await undo.innerText(), /\d+ s/);
    await go('z');
    assert.ok((await references()).includes(two));
  });

  test('what can be taken back tells for how long, and goes', async () => {
    await report();
    await desk('/staff?view=new&sort=newest');
    await page.clock.install();
    await key('j');
    await go('t');
    await page.locator('[data-undo]').waitFor();
    await page.clock.runFor(20_000);
    await page.locator('[data-undo]').waitFor({ state: 'detached' });
    assert.ok(await page.getByText('Zmieniono 1 zgłoszenie').isVisible());
  });

  test('keys are letters where somebody types, and belong to the browser with Ctrl', async () => {
    await desk('/staff?view=all');
    const address = page.url();
    await key('/');
    await page.keyboard.type('jxn?et.');
    assert.equal(await page.locator('#q').inputValue(), 'jxn?et.');
    assert.equal(await page.locator('.q .cur').count(), 0);
    await key('Escape');
    for (const name of ['Control+j', 'Alt+n', 'Shift+N']) await key(name);
    assert.equal(page.url(), address);
    assert.ok(!(await page.locator('dialog').isVisible()));
    // the dialog keeps them to itself, too
    await key('?');
    await page.locator('dialog[open]').waitFor();
    await key('j');
    assert.equal(await page.locator('.q .cur').count(), 0);
    await key('Escape');
    assert.ok(!(await page.locator('dialog').isVisible()));
  });

  test('can be switched off, which is remembered', async () => {
    await desk('/staff?view=all');
    await page.getByRole('button', { name: 'wszystkie skróty' }).click();
    await page.getByLabel('Skróty jednym klawiszem są włączone').uncheck();
    await key('Escape');
    for (const name of ['j', 'x', 'n', '/', '?', '.']) await key(name);
    await page.goto('/staff?view=all');
    for (const name of ['j', 'x', 'n', '/', '?', '.']) await key(name);
    assert.equal(await page.locator('.q .cur, .q .sel, dialog[open]').count(), 0);
    assert.ok(!(await page.locator('.legend kbd').first().isVisible()), 'no hint on what does nothing');
    assert.equal(await page.locator('[aria-keyshortcuts]').count(), 0);
    // Tab and Enter are the browser's own
    await page.locator('.q tbody th a').first().focus();
    await go('Enter');
    assert.match(page.url(), /\/staff\/tickets\//);
    await page.locator('.help-button').click();
    await page.getByLabel('Skróty jednym klawiszem są włączone').check();
    await key('Escape');
    await go('u');
    await key('j');
    await page.locator('.q .cur').waitFor();
  });
});

test('with the help, the dock and its forms open, everything can be read by everybody', async () => {
  await desk('/staff?view=all');
  await key('j');
  await key('x');
  for (const opened of ['a', 's', 'i', 'm', '?']) {
    await key(opened);
    await page.locator('details.more[open], dialog[open]').first().waitFor();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await findings(page), [], `${opened}, ${colorScheme}`);
    }
    if (opened !== '?') await key('Escape');
  }
});

describe('on a telephone', () => {
  test('a ticket is found, selected, taken and answered with a finger', async () => {
    const reference = await report();
    await desk('/staff?view=new&sort=newest', { width: 360, height: 740, touch: true });
    const row = page.locator(`#t-${reference}`);
    await row.getByRole('checkbox').tap();
    assert.equal(await count(), '1');
    await page.getByRole('button', { name: 'Weź', exact: true }).tap();
    await page.getByText('Zmieniono 1 zgłoszenie').waitFor();
    await page.locator('.rail').getByRole('link', { name: /^Moje/ }).tap();
    await page.waitForURL('**view=mine**');
    await row.getByRole('link').tap();
    await page.waitForURL('**/tickets/**');
    await page.getByRole('textbox', { name: 'Odpowiedź' }).fill('Działa.');
    await page.getByRole('button', { name: 'Wyślij i rozwiąż' }).tap();
    await page.locator('.tt .tag.ok').waitFor();
    assert.ok(!(await page.locator('kbd').first().isVisible()), 'no hints on keys that are not there');
  });

  test('the forms of the dock fit the screen', async () => {
    await desk('/staff?view=all', { width: 360, height: 740, touch: true });
    await page.locator('.q tbody').getByRole('checkbox').first().tap();
    for (const name of ['Przypisz…', 'Zmień status…', 'Notatka…', 'Scal…']) {
      await page.locator('summary', { hasText: name }).tap();
      const form = page.locator('details.more', { hasText: name }).locator('.pop');
      const { x, y, width, height } = await form.boundingBox();
      assert.ok(x >= 0 && x + width <= 360 && y >= 0 && y + height <= 740, `${name}: ${x}, ${y}, ${width}, ${height}`);
      assert.ok(await form.getByRole('button').isVisible());
      assert.equal(await page.locator('details.more[open]').count(), 1, 'one at a time');
    }
  });

  test('new rows come with a tap', async () => {
    await desk('/staff?view=new&sort=newest', { width: 360, height: 740, touch: true });
    const reference = await report();
    await page.getByRole('button', { name: '1 nowe, pokaż' }).tap();
    assert.equal((await references())[0], reference);
  });
});
