// Many tickets at once: without JavaScript, and with a mouse or a keyboard where there is.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertQuiet } from './browser.js';
import { atTheDesk, referenceIn, send } from './people.js';
import { browser, everybodyLeaves, portal, stage } from './stage.js';

stage();
afterEach(everybodyLeaves);

/** Somebody at the desk, with three new tickets of their own. */
async function desk(options) {
  const page = await atTheDesk(browser, portal.url, options);
  const references = [];
  for (let count = 0; count < 3; count += 1) references.push(referenceIn(await send(page)));
  await page.goto('/staff?view=new&sort=newest');
  return { page, references };
}

const box = (page, reference) => page.locator(`input[name=ticket][value^="${reference}"]`);
/** As it is read: spaces that keep words together are spaces. */
const said = async (page) => (await page.locator('.said').innerText()).replaceAll('\u00A0', ' ');
const question = (page, name) => page.locator('#bulk summary', { hasText: name });

describe('many at once, without JavaScript', () => {
  test('are taken, which is said and taken back', async () => {
    const { page, references } = await desk({ js: false, width: 360 });
    for (const reference of references) await box(page, reference).check();
    await page.locator('#bulk').getByRole('button', { name: 'Weź', exact: true }).click();
    assert.match(await said(page), /Zmieniono 3 zgłoszenia\./);
    assert.equal(await box(page, references[0]).count(), 0, 'it is new no more');
    await page.getByRole('button', { name: 'Cofnij' }).click();
    assert.match(await said(page), /Cofnięto 3 zgłoszenia\./);
    assert.equal(await box(page, references[0]).count(), 1);
    assertQuiet(page);
  });

  test('are merged into the oldest of them', async () => {
    const { page, references } = await desk({ js: false });
    for (const reference of references) await box(page, reference).check();
    await question(page, 'Scal').click();
    await page.locator('#bulk [value=merge]').click();
    assert.match(await said(page), new RegExp(`Scalono 2 zgłoszenia z ${references[0]}`));
    assertQuiet(page);
  });

  test('need a note that says something', async () => {
    const { page, references } = await desk({ js: false });
    await box(page, references[0]).check();
    await question(page, 'Notatka').click();
    await page.locator('#bulk [value=note]').click();
    await page.locator('.errsum a').click();
    await page.locator('#bulk-note').fill('Ten sam operator.');
    await page.getByRole('button', { name: 'Zapisz notatkę' }).click();
    assert.match(await said(page), /Zmieniono 1 zgłoszenie\./);
    await page.goto(`/staff/tickets/${references[0]}`);
    assert.equal(await page.locator('.msg.note').count(), 1);
    assertQuiet(page);
  });
});

describe('many at once, with JavaScript', () => {
  test('one question is open at a time, and Enter in it presses its own button', async () => {
    const { page, references } = await desk();
    for (const reference of references.slice(1)) await box(page, reference).check();
    await question(page, 'Przypisz').click();
    await question(page, 'Scal').click();
    await page.locator('#bulk-into:focus').waitFor();
    assert.equal(await page.locator('#bulk details[open]').count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#bulk details[open]').count(), 0);
    await page.keyboard.press('Enter');
    await page.locator('#bulk-into').fill(references[0]);
    await page.keyboard.press('Enter');
    await page.locator('.said').waitFor();
    assert.match(await said(page), new RegExp(`Scalono 2 zgłoszenia z ${references[0]}`));
    assertQuiet(page);
  });

  test('a status asks for what it needs, and for nothing else', async () => {
    const { page, references } = await desk();
    await box(page, references[0]).check();
    await question(page, 'status').click();
    assert.equal(await page.locator('#bulk-text').isVisible(), false);
    assert.equal(await page.locator('#bulk-date').isVisible(), false);
    await page.locator('#bulk-status').selectOption('resolved');
    assert.equal(await page.locator('#bulk-text').isVisible(), true);
    await page.locator('#bulk-status').selectOption('waiting');
    assert.equal(await page.locator('#bulk-date').isVisible(), true);
    await page.locator('#bulk [name=until]').selectOption('friday');
    await page.locator('#bulk [value=status]').click();
    await page.locator('.said').waitFor();
    await page.goto(`/staff/tickets/${references[0]}`);
    assert.match(await page.locator('.history').innerText(), /czeka na wyjaśnienie, do .*, wzięte/);
    assertQuiet(page);
  });
});

describe('taking the next one', () => {
  test('leads to the ticket that has waited longest, by mouse and by key', async () => {
    const { page } = await desk();
    await page.goto('/staff?view=new');
    const first = await page.locator('tbody th a').first().innerText();
    await page.getByRole('button', { name: 'Weź następne' }).click();
    await page.waitForURL(`**/staff/tickets/${first}**`);
    await page.locator('[data-key=n]').waitFor();
    await page.keyboard.press('n');
    await page.waitForURL((url) => url.pathname.startsWith('/staff/tickets/') && !url.pathname.endsWith(first));
    assertQuiet(page);
  });
});
