// Live updates of the staff pages: new, changed and leaving rows, and two users in one ticket.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, openPage } from './browser.js';
import { createColleague, referenceIn, sendReport, signedInPage } from './actors.js';
import { browser, portal, useFixtures } from './fixtures.js';

let kamil, anna, customer;

useFixtures({
  setUp: async () => {
    kamil = await signedInPage(browser, portal.url);
    anna = await createColleague(browser, portal.url, kamil, 'Anna Nowicka');
    customer = await openPage(browser, portal.url, { js: false });
  },
});

afterEach(() => [kamil, anna].forEach(assertNoBrowserErrors));

const rowOf = (page, reference) => page.locator(`#t-${reference}`);
const report = async (more) => referenceIn(await sendReport(customer, 'pl', more));
const top = (locator) => locator.evaluate((one) => one.getBoundingClientRect().top);

/** Fails if an element has moved by a pixel or more. The content of a row may change its height by a fraction of one. */
async function assertUnmoved(locator, before) {
  const now = await top(locator);
  assert.ok(Math.abs(now - before) < 1, `it stood at ${before}, and now stands at ${now}`);
}

/** Opens a page and waits for its event stream. */
async function open(page, address) {
  const listens = page.waitForResponse((answer) => answer.url().includes('/live'));
  await page.goto(address);
  await listens;
}

/** Opens a ticket and presses one of its buttons. */
async function pressButton(page, reference, button) {
  await page.goto(`/staff/tickets/${reference}`);
  await page.getByRole('button', { name: button }).first().click();
  await page.waitForLoadState();
}

describe('live updates of the queue', () => {
  test('new rows wait behind a button, and nothing moves until it is pressed', async () => {
    await open(kamil, '/staff?view=all');
    assert.equal(await kamil.evaluate(() => scrollY), 0, 'a view is seen from its top');
    const first = kamil.locator('.ticket-table tbody tr').first();
    const before = { text: await first.innerText(), top: await top(first) };
    const one = await report();
    const pill = kamil.getByRole('button', { name: '1 nowe, pokaż' });
    await pill.waitFor();
    const two = await report();
    await kamil.getByRole('button', { name: '2 nowe, pokaż' }).waitFor();
    assert.equal(await first.innerText(), before.text);
    await assertUnmoved(first, before.top);
    assert.equal(await rowOf(kamil, one).count(), 0);
    assert.equal(await kamil.locator('[role=status]', { hasText: '2 nowe' }).count(), 1, 'it is announced to screen readers');

    await kamil.keyboard.press('.');
    assert.equal(await kamil.locator('.ticket-table tbody tr').first().getAttribute('id'), `t-${two}`, 'the newest stands first');
    assert.equal(await kamil.locator('.ticket-table tbody tr').nth(1).getAttribute('id'), `t-${one}`);
    assert.equal(await kamil.evaluate(() => document.activeElement.textContent), two, 'reading goes on there');
    assert.ok(!(await kamil.locator('[data-new-tickets]').isVisible()));
  });

  test('a row changed by a colleague is updated without losing selection, focus or cursor', async () => {
    const reference = await report();
    await open(kamil, '/staff?view=all');
    const row = rowOf(kamil, reference);
    await row.getByRole('checkbox').check();
    await row.getByRole('link').focus();
    const before = await top(row);
    await pressButton(anna, reference, 'Weź');
    await row.locator('.avatar', { hasText: 'AN' }).waitFor();
    assert.equal(await row.locator('.tag').innerText(), 'w\u00a0toku');
    assert.ok(await row.getByRole('checkbox').isChecked());
    assert.ok(await row.evaluate((one) => one.classList.contains('is-cursor') && one.contains(document.activeElement)));
    await assertUnmoved(row, before);
    assert.equal(await kamil.locator('[data-selected-count]').innerText(), '1');
  });

  test('a leaving row fades and is removed once nothing under the pointer moves', async () => {
    const [gone, below] = [await report(), await report()];
    await open(kamil, '/staff?view=new&sort=newest');
    await rowOf(kamil, gone).getByRole('checkbox').check();
    // what is further down stands under the pointer
    const last = kamil.locator('.ticket-table tbody tr').nth(4);
    await last.hover();
    const [id, place] = [await last.getAttribute('id'), await top(last)];
    await pressButton(anna, gone, 'Weź');
    await kamil.locator(`#t-${gone}.is-leaving`).waitFor();
    assert.ok(await rowOf(kamil, gone).getByRole('checkbox').isDisabled(), 'it is selected no more');
    assert.ok(!(await kamil.locator('.bulk-bar').isVisible()));
    // once it could go, it stays for the pointer's sake
    await kamil.locator(`#t-${gone}[data-removable]`).waitFor();
    await assertUnmoved(kamil.locator(`#${id}`), place);
    assert.equal(await rowOf(kamil, below).count(), 1);
    await kamil.mouse.move(5, 5);
    await rowOf(kamil, gone).waitFor({ state: 'detached' });
    assert.equal(await rowOf(kamil, below).count(), 1);
  });

  test('an empty queue fills up, and the view counts are updated', async () => {
    await kamil.goto('/staff/accounts');
    await kamil.locator('#name').fill('Ewa Zielińska');
    await kamil.locator('#email').fill('ewa@example.com');
    await kamil.getByRole('button', { name: 'Dodaj konto' }).click();
    const ewa = await createColleague(browser, portal.url, kamil, 'Ewa Zielińska');
    await open(ewa, '/staff?view=mine');
    assert.ok(await ewa.getByText('Kolejka jest pusta').isVisible());
    const count = () => ewa.locator('[data-view-count=mine]').innerText();
    assert.equal(await count(), '0');

    const reference = await report();
    await kamil.goto(`/staff/tickets/${reference}`);
    await kamil.locator('select[name=assignee]').selectOption({ label: 'Ewa Zielińska' });
    await kamil.getByRole('button', { name: 'Przypisz', exact: true }).click();
    await ewa.getByRole('button', { name: '1 nowe, pokaż' }).click();
    await rowOf(ewa, reference).waitFor();
    assert.ok(!(await ewa.getByText('Kolejka jest pusta').isVisible()));
    assert.equal(await count(), '1');
    assertNoBrowserErrors(ewa);
    await ewa.context().close();
  });

  test('a row shows who has the ticket open', async () => {
    const reference = await report();
    await open(kamil, '/staff?view=all');
    await anna.goto(`/staff/tickets/${reference}`);
    const mark = rowOf(kamil, reference).getByText('Ogląda: Anna Nowicka');
    await mark.waitFor();
    await anna.goto('/staff/account');
    await mark.waitFor({ state: 'detached' });
  });

  test('waiting times are updated every minute', async () => {
    const page = await signedInPage(browser, portal.url);
    await page.clock.install();
    await page.goto('/staff?view=new&sort=newest');
    const waits = page.locator('.ticket-table tbody time').first();
    const minutes = async () => parseInt(await waits.innerText());
    const before = await minutes();
    await page.clock.runFor(3 * 60_000);
    assert.equal(await minutes(), before + 3);
    await page.clock.runFor(3 * 24 * 60 * 60_000);
    assert.match(await waits.innerText(), /^3\sdni$/);
    await page.context().close();
  });
});

describe('two users in one ticket', () => {
  test('two users see that the other views or writes', async () => {
    const reference = await report();
    await open(kamil, `/staff/tickets/${reference}`);
    const here = kamil.locator('[data-presence]');
    assert.ok(!(await here.isVisible()));
    await anna.goto(`/staff/tickets/${reference}`);
    await here.getByText('Anna Nowicka ogląda').waitFor();
    await anna.getByText('Kamil Wrona ogląda').waitFor();
    await anna.getByRole('textbox', { name: 'Odpowiedź' }).pressSequentially('Sprawdzam');
    await here.getByText('Anna Nowicka pisze').waitFor();
    await anna.getByRole('textbox', { name: 'Odpowiedź' }).fill('');
    await here.getByText('Anna Nowicka ogląda').waitFor();
    await anna.goto('/staff/account');
    await here.waitFor({ state: 'hidden' });
  });

  test('a user sees the change of another and keeps an unsent reply', async () => {
    const reference = await report();
    await open(kamil, `/staff/tickets/${reference}`);
    const text = kamil.getByRole('textbox', { name: 'Odpowiedź' });
    await text.fill('Moja odpowiedź, jeszcze nie');
    await pressButton(anna, reference, /^Rozwiązane/);
    const changed = kamil.locator('[data-change-notice]');
    await changed.getByText('Anna Nowicka: rozwiązane').waitFor();
    assert.equal(await kamil.locator('.title-bar .tag').first().innerText(), 'nowe', 'nothing moves by itself');
    await changed.getByRole('button').click();
    await kamil.locator('.title-bar .tag.ok').waitFor();
    assert.match(await kamil.locator('.history').innerText(), /Anna Nowicka: rozwiązane/);
    assert.equal(await text.inputValue(), 'Moja odpowiedź, jeszcze nie');
    assert.ok(!(await changed.isVisible()));
    // and what is sent now is sent knowing it
    await kamil.getByRole('button', { name: 'Otwórz ponownie' }).click();
    await kamil.waitForLoadState();
    assert.equal(kamil.lastResponse.status(), 200);
  });
});

describe('the live connection', () => {
  test('a lost connection is shown, recovers, and delivers missed changes', async () => {
    await open(kamil, '/staff?view=all');
    const notice = kamil.getByText('Połączenie przerwane');
    await kamil.context().setOffline(true);
    await notice.waitFor();
    const reference = await report();
    await kamil.context().setOffline(false);
    await kamil.getByRole('button', { name: '1 nowe, pokaż' }).click();
    await rowOf(kamil, reference).waitFor();
    assert.ok(!(await notice.isVisible()));
    // that the browser was offline is what it complains about
    kamil.errors.length = 0;
  });

  test('the end of the session is shown with a sign-in link', async () => {
    const page = await signedInPage(browser, portal.url);
    await open(page, '/staff?view=open');
    const other = await page.context().newPage();
    await other.goto('/staff/account');
    await other.locator('.account-menu summary').click();
    await other.getByRole('button', { name: 'Wyloguj', exact: true }).click();
    await page.bringToFront();
    await page.getByText('Sesja się skończyła').waitFor();
    await page.getByRole('link', { name: 'Zaloguj się' }).click();
    await page.waitForURL('**/staff/login?next=**');
    assertNoBrowserErrors(page);
    await page.context().close();
  });
});
