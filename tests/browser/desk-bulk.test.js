// Bulk actions in the queue, without and with JavaScript, and taking the next ticket.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors } from './browser.js';
import { referenceIn, sendReport, signedInPage } from './actors.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

useFixtures();
afterEach(closeAllPages);

/** Opens the queue with three new tickets. */
async function desk(options) {
  const page = await signedInPage(browser, portal.url, options);
  const references = [];
  for (let count = 0; count < 3; count += 1) references.push(referenceIn(await sendReport(page)));
  await page.goto('/staff?view=new&sort=newest');
  return { page, references };
}

const box = (page, reference) => page.locator(`input[name=ticket][value^="${reference}"]`);
/** The text of the message, with plain spaces. */
const flashText = async (page) => (await page.locator('.flash').innerText()).replaceAll('\u00A0', ' ');
const menu = (page, name) => page.locator('#bulk summary', { hasText: name });

describe('bulk actions without JavaScript', () => {
  test('several tickets are taken, and undo returns them', async () => {
    const { page, references } = await desk({ js: false, width: 360 });
    for (const reference of references) await box(page, reference).check();
    await page.locator('#bulk').getByRole('button', { name: 'Weź', exact: true }).click();
    assert.match(await flashText(page), /Zmieniono 3 zgłoszenia\./);
    assert.equal(await box(page, references[0]).count(), 0, 'it is new no more');
    await page.getByRole('button', { name: 'Cofnij' }).click();
    assert.match(await flashText(page), /Cofnięto 3 zgłoszenia\./);
    assert.equal(await box(page, references[0]).count(), 1);
    assertNoBrowserErrors(page);
  });

  test('several tickets are merged into the oldest one', async () => {
    const { page, references } = await desk({ js: false });
    for (const reference of references) await box(page, reference).check();
    await menu(page, 'Scal').click();
    await page.locator('#bulk [value=merge]').click();
    assert.match(await flashText(page), new RegExp(`Scalono 2 zgłoszenia z ${references[0]}`));
    assertNoBrowserErrors(page);
  });

  test('a bulk note must not be empty', async () => {
    const { page, references } = await desk({ js: false });
    await box(page, references[0]).check();
    await menu(page, 'Notatka').click();
    await page.locator('#bulk [value=note]').click();
    await page.locator('.error-summary a').click();
    await page.locator('#bulk-note').fill('Ten sam operator.');
    await page.getByRole('button', { name: 'Zapisz notatkę' }).click();
    assert.match(await flashText(page), /Zmieniono 1 zgłoszenie\./);
    await page.goto(`/staff/tickets/${references[0]}`);
    assert.equal(await page.locator('.message.note').count(), 1);
    assertNoBrowserErrors(page);
  });
});

describe('bulk actions with JavaScript', () => {
  test('one bulk menu is open at a time, and Enter presses its own button', async () => {
    const { page, references } = await desk();
    for (const reference of references.slice(1)) await box(page, reference).check();
    await menu(page, 'Przypisz').click();
    await menu(page, 'Scal').click();
    await page.locator('#bulk-into:focus').waitFor();
    assert.equal(await page.locator('#bulk details[open]').count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#bulk details[open]').count(), 0);
    await page.keyboard.press('Enter');
    await page.locator('#bulk-into').fill(references[0]);
    await page.keyboard.press('Enter');
    await page.locator('.flash').waitFor();
    assert.match(await flashText(page), new RegExp(`Scalono 2 zgłoszenia z ${references[0]}`));
    assertNoBrowserErrors(page);
  });

  test('the status menu shows only the fields of the chosen status', async () => {
    const { page, references } = await desk();
    await box(page, references[0]).check();
    await menu(page, 'status').click();
    assert.equal(await page.locator('#bulk-text').isVisible(), false);
    assert.equal(await page.locator('#bulk-date').isVisible(), false);
    await page.locator('#bulk-status').selectOption('resolved');
    assert.equal(await page.locator('#bulk-text').isVisible(), true);
    await page.locator('#bulk-status').selectOption('waiting');
    assert.equal(await page.locator('#bulk-date').isVisible(), true);
    await page.locator('#bulk [name=until]').selectOption('friday');
    await page.locator('#bulk [value=status]').click();
    await page.locator('.flash').waitFor();
    await page.goto(`/staff/tickets/${references[0]}`);
    assert.match(await page.locator('.history').innerText(), /wstrzymane, do .*, wzięte/);
    assertNoBrowserErrors(page);
  });
});

describe('taking the next ticket', () => {
  test('take next opens the ticket that has waited longest, by mouse and by keyboard', async () => {
    const { page } = await desk();
    await page.goto('/staff?view=new');
    const first = await page.locator('tbody th a').first().innerText();
    await page.getByRole('button', { name: 'Weź następne' }).click();
    await page.waitForURL(`**/staff/tickets/${first}**`);
    await page.locator('[data-key=n]').waitFor();
    await page.keyboard.press('n');
    await page.waitForURL((url) => url.pathname.startsWith('/staff/tickets/') && !url.pathname.endsWith(first));
    assertNoBrowserErrors(page);
  });
});
