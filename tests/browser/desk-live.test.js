// The desk while others work at it too: rows that come, change and leave, and two people in one ticket.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertQuiet, visitor } from './browser.js';
import { atTheDesk, colleague, referenceIn, send } from './people.js';
import { browser, portal, stage } from './stage.js';

let kamil, anna, customer;

stage({
  begin: async () => {
    kamil = await atTheDesk(browser, portal.url);
    anna = await colleague(browser, portal.url, kamil, 'Anna Nowicka');
    customer = await visitor(browser, portal.url, { js: false });
  },
});

afterEach(() => [kamil, anna].forEach(assertQuiet));

const rowOf = (page, reference) => page.locator(`#t-${reference}`);
const report = async (more) => referenceIn(await send(customer, 'pl', more));
const top = (locator) => locator.evaluate((one) => one.getBoundingClientRect().top);

/** Opens a view and waits until it listens. */
async function open(page, address) {
  const listens = page.waitForResponse((answer) => answer.url().includes('/live'));
  await page.goto(address);
  await listens;
}

/** Presses a button of a ticket, as a colleague would. */
async function act(page, reference, button) {
  await page.goto(`/staff/tickets/${reference}`);
  await page.getByRole('button', { name: button }).first().click();
  await page.waitForLoadState();
}

describe('the queue', () => {
  test('has new rows wait behind a pill, and moves nothing until it is pressed', async () => {
    await open(kamil, '/staff?view=all');
    assert.equal(await kamil.evaluate(() => scrollY), 0, 'a view is seen from its top');
    const first = kamil.locator('.q tbody tr').first();
    const before = { text: await first.innerText(), top: await top(first) };
    const one = await report();
    const pill = kamil.getByRole('button', { name: '1 nowe, pokaż' });
    await pill.waitFor();
    const two = await report();
    await kamil.getByRole('button', { name: '2 nowe, pokaż' }).waitFor();
    assert.deepEqual({ text: await first.innerText(), top: await top(first) }, before);
    assert.equal(await rowOf(kamil, one).count(), 0);
    assert.equal(await kamil.locator('[role=status]', { hasText: '2 nowe' }).count(), 1, 'it is told to screen readers');

    await kamil.keyboard.press('.');
    assert.equal(await kamil.locator('.q tbody tr').first().getAttribute('id'), `t-${two}`, 'the newest stands first');
    assert.equal(await kamil.locator('.q tbody tr').nth(1).getAttribute('id'), `t-${one}`);
    assert.equal(await kamil.evaluate(() => document.activeElement.textContent), two, 'reading goes on there');
    assert.ok(!(await kamil.locator('[data-new]').isVisible()));
  });

  test('draws a row anew that a colleague changed, around the selection, the focus and the cursor', async () => {
    const reference = await report();
    await open(kamil, '/staff?view=all');
    const row = rowOf(kamil, reference);
    await row.getByRole('checkbox').check();
    await row.getByRole('link').focus();
    const before = await top(row);
    await act(anna, reference, 'Weź');
    await row.locator('.av', { hasText: 'AN' }).waitFor();
    assert.equal(await row.locator('.tag').innerText(), 'w\u00a0toku');
    assert.ok(await row.getByRole('checkbox').isChecked());
    assert.ok(await row.evaluate((one) => one.classList.contains('cur') && one.contains(document.activeElement)));
    assert.equal(await top(row), before);
    assert.equal(await kamil.locator('[data-count]').innerText(), '1');
  });

  test('lets a row that left fade, and takes it away when nothing under the pointer moves by it', async () => {
    const [gone, below] = [await report(), await report()];
    await open(kamil, '/staff?view=new&sort=newest');
    await rowOf(kamil, gone).getByRole('checkbox').check();
    // what is further down stands under the pointer
    const last = kamil.locator('.q tbody tr').nth(4);
    await last.hover();
    const [id, place] = [await last.getAttribute('id'), await top(last)];
    await act(anna, gone, 'Weź');
    await kamil.locator(`#t-${gone}.gone`).waitFor();
    assert.ok(await rowOf(kamil, gone).getByRole('checkbox').isDisabled(), 'it is selected no more');
    assert.ok(!(await kamil.locator('.bulk').isVisible()));
    // once it could go, it stays for the pointer's sake
    await kamil.locator(`#t-${gone}[data-done]`).waitFor();
    assert.equal(await top(kamil.locator(`#${id}`)), place);
    assert.equal(await rowOf(kamil, below).count(), 1);
    await kamil.mouse.move(5, 5);
    await rowOf(kamil, gone).waitFor({ state: 'detached' });
    assert.equal(await rowOf(kamil, below).count(), 1);
  });

  test('says that it is empty until it is not, and counts the views', async () => {
    await kamil.goto('/staff/accounts');
    await kamil.locator('#name').fill('Ewa Zielińska');
    await kamil.locator('#email').fill('ewa@example.com');
    await kamil.getByRole('button', { name: 'Dodaj konto' }).click();
    const ewa = await colleague(browser, portal.url, kamil, 'Ewa Zielińska');
    await open(ewa, '/staff?view=mine');
    assert.ok(await ewa.getByText('Kolejka jest pusta').isVisible());
    const count = () => ewa.locator('[data-count-of=mine]').innerText();
    assert.equal(await count(), '0');

    const reference = await report();
    await kamil.goto(`/staff/tickets/${reference}`);
    await kamil.locator('select[name=assignee]').selectOption({ label: 'Ewa Zielińska' });
    await kamil.getByRole('button', { name: 'Przypisz', exact: true }).click();
    await ewa.getByRole('button', { name: '1 nowe, pokaż' }).click();
    await rowOf(ewa, reference).waitFor();
    assert.ok(!(await ewa.getByText('Kolejka jest pusta').isVisible()));
    assert.equal(await count(), '1');
    assertQuiet(ewa);
    await ewa.context().close();
  });

  test('marks a ticket that somebody has open', async () => {
    const reference = await report();
    await open(kamil, '/staff?view=all');
    await anna.goto(`/staff/tickets/${reference}`);
    const mark = rowOf(kamil, reference).getByText('Ogląda: Anna Nowicka');
    await mark.waitFor();
    await anna.goto('/staff/account');
    await mark.waitFor({ state: 'detached' });
  });

  test('grows older by the minute', async () => {
    const page = await atTheDesk(browser, portal.url);
    await page.clock.install();
    await page.goto('/staff?view=new&sort=newest');
    const waits = page.locator('.q tbody time').first();
    const minutes = async () => parseInt(await waits.innerText());
    const before = await minutes();
    await page.clock.runFor(3 * 60_000);
    assert.equal(await minutes(), before + 3);
    await page.clock.runFor(3 * 24 * 60 * 60_000);
    assert.match(await waits.innerText(), /^3\sdni$/);
    await page.context().close();
  });
});

describe('two people in one ticket', () => {
  test('see each other, and who writes', async () => {
    const reference = await report();
    await open(kamil, `/staff/tickets/${reference}`);
    const here = kamil.locator('[data-here]');
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

  test('are told what the other did, and lose nothing that they write', async () => {
    const reference = await report();
    await open(kamil, `/staff/tickets/${reference}`);
    const text = kamil.getByRole('textbox', { name: 'Odpowiedź' });
    await text.fill('Moja odpowiedź, jeszcze nie');
    await act(anna, reference, /^Rozwiązane/);
    const changed = kamil.locator('[data-changed]');
    await changed.getByText('Anna Nowicka: rozwiązane').waitFor();
    assert.equal(await kamil.locator('.tt .tag').first().innerText(), 'nowe', 'nothing moves by itself');
    await changed.getByRole('button').click();
    await kamil.locator('.tt .tag.ok').waitFor();
    assert.match(await kamil.locator('.history').innerText(), /Anna Nowicka: rozwiązane/);
    assert.equal(await text.inputValue(), 'Moja odpowiedź, jeszcze nie');
    assert.ok(!(await changed.isVisible()));
    // and what is sent now is sent knowing it
    await kamil.getByRole('button', { name: 'Otwórz ponownie' }).click();
    await kamil.waitForLoadState();
    assert.equal(kamil.answer.status(), 200);
  });
});

describe('a connection', () => {
  test('that breaks is said, comes back by itself, and brings what was missed', async () => {
    await open(kamil, '/staff?view=all');
    const said = kamil.getByText('Połączenie przerwane');
    await kamil.context().setOffline(true);
    await said.waitFor();
    const reference = await report();
    await kamil.context().setOffline(false);
    await kamil.getByRole('button', { name: '1 nowe, pokaż' }).click();
    await rowOf(kamil, reference).waitFor();
    assert.ok(!(await said.isVisible()));
    // that the browser was offline is what it complains about
    kamil.complaints.length = 0;
  });

  test('ends with the session, and says where to sign in', async () => {
    const page = await atTheDesk(browser, portal.url);
    await open(page, '/staff?view=open');
    const other = await page.context().newPage();
    await other.goto('/staff/account');
    await other.locator('.me summary').click();
    await other.getByRole('button', { name: 'Wyloguj', exact: true }).click();
    await page.bringToFront();
    await page.getByText('Sesja się skończyła').waitFor();
    await page.getByRole('link', { name: 'Zaloguj się' }).click();
    await page.waitForURL('**/staff/login?next=**');
    assertQuiet(page);
    await page.context().close();
  });
});
