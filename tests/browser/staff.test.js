// The staff pages without JavaScript: sign-in, queue, tickets, conflicts, accounts, phone reports.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { assertNoBrowserErrors, openPage } from './browser.js';
import { invitationLink, referenceIn, sendReport, signIn } from './actors.js';
import { DEMO } from './server.js';
import { browser, portal, useFixtures } from './fixtures.js';

const ANNA = { email: 'anna@example.com', name: 'Anna Nowicka', password: 'pociąg do pracy 7:40' };

let kamil, anna, customer;

useFixtures({
  setUp: async () => {
    kamil = await newPage();
    await signIn(kamil);
    anna = await newPage();
    await setPassword(anna, await invitationLink(kamil, ANNA.name), ANNA.password);
    customer = await openPage(browser, portal.url, { width: 360, js: false });
  },
});

const newPage = () => openPage(browser, portal.url, { js: false });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const openMenu = (page) => page.locator('.account-menu summary').click();
const openMore = (page) => page.locator('.nav-more summary').click();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
/** The status of the ticket, with plain spaces. */
const status = async (page) => (await page.locator('.title-bar .tag').innerText()).replaceAll('\u00a0', ' ');
const history = (page) => page.locator('.history').innerText();
/** Fills in the composer with a note or a reply. */
async function write(page, kind, text) {
  await page.locator(`#compose [name=kind][value=${kind}]`).check();
  await page.locator('#text').fill(text);
}

async function setPassword(page, link, password) {
  await page.goto(link);
  await page.getByLabel('Nowe hasło').fill(password);
  await press(page, 'Ustaw hasło i zaloguj');
  await page.waitForURL('**/staff');
}

async function search(page, words) {
  await page.goto('/staff');
  await page.getByLabel('Szukaj zgłoszeń').fill(words);
  await press(page, 'Szukaj');
}

/** Creates a ticket and opens it on `page`. */
async function ticket(page, more) {
  const address = await sendReport(customer, 'pl', more);
  const reference = referenceIn(address);
  await page.goto(`/staff/tickets/${reference}`);
  return { address, reference };
}

describe('signing in', () => {
  test('sign-in needs the right password and leads to the requested page', async () => {
    const page = await newPage();
    await page.goto('/staff?view=mine');
    assert.equal(path(page), '/staff/login');
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('link', { name: 'Polski' }).click();
    await page.getByLabel('E-mail').fill(DEMO.email);
    await page.getByLabel('Hasło').fill('not this one');
    await press(page, 'Zaloguj się');
    assert.equal(page.lastResponse.status(), 422);
    assert.match(await page.title(), /^Błąd: /);
    await page.locator('.error-summary:focus').waitFor({ state: 'attached' });
    assert.match(await page.locator('.error-summary').innerText(), /się nie zgadza$/);
    assert.equal(await page.getByLabel('E-mail').inputValue(), DEMO.email, 'the address stays');
    assert.equal(await page.getByLabel('Hasło').inputValue(), '', 'the password does not');
    await page.getByLabel('Hasło').fill(DEMO.password);
    await press(page, 'Zaloguj się');
    await page.waitForURL('**/staff?view=mine');
    assertNoBrowserErrors(page);
  });

  test('after signing out all staff pages ask to sign in', async () => {
    const page = await newPage();
    await signIn(page);
    await openMenu(page);
    await press(page, 'Wyloguj');
    await page.waitForURL('**/staff/login');
    for (const closed of ['/staff', '/staff/accounts', '/staff/account', '/staff/tickets/DZ-00000-00000']) {
      await page.goto(closed);
      assert.equal(path(page), '/staff/login', closed);
    }
  });
});

describe('working on a ticket', () => {
  test('search finds a ticket by reference, number and e-mail', async () => {
    const { reference } = await ticket(kamil, { caller: '22 555 98 76', email: 'zofia@example.net' });
    const alone = ['+48 (22) 555-98-76', '0048225559876', '9876', 'Zofia@Example.net'];
    for (const typed of [reference, reference.toLowerCase().replaceAll('-', ' '), ...alone]) {
      await search(kamil, typed);
      assert.equal(path(kamil), `/staff/tickets/${reference}`, `${typed}: the only hit opens at once`);
    }
    await search(kamil, '0044 20 8190 0322');
    assert.ok((await kamil.locator('.ticket-table tbody th').allInnerTexts()).includes(reference), 'one of several is in the list');
    await search(kamil, 'DZ-00000-00000');
    assert.match(await kamil.locator('.notice[role=status]').innerText(), /Nie ma zgłoszenia DZ-00000-00000/);
    await search(kamil, reference.slice(0, -1) + (reference.endsWith('0') ? '1' : '0'));
    assert.match(await kamil.locator('.notice[role=status]').innerText(), /pomyłka/);
    await search(kamil, 'zofia');
    assert.match(await kamil.locator('.chip').innerText(), /zofia/, 'what is nothing else is searched for as words');
  });

  test('a ticket is taken, noted, answered and resolved; the customer sees only the reply', async () => {
    const address = await sendReport(customer);
    const reference = referenceIn(address);
    await kamil.goto('/staff');
    const row = kamil.locator('.ticket-table tbody tr', { hasText: reference });
    assert.match(await row.innerText(), /22 555 01 20.*0044 20 8190 0322/s);
    await row.getByRole('link').click();
    assert.equal(await status(kamil), 'nowe');

    await press(kamil, 'Weź');
    assert.equal(await status(kamil), 'w toku');
    assert.match(await kamil.locator('.assignee').innerText(), /Kamil Wrona/);

    await write(kamil, 'note', 'Trasa przez operatora X.\n<script>alert(1)</script>');
    await press(kamil, 'Zapisz notatkę');
    assert.match(await kamil.locator('.message.note').innerText(), /operatora X\.\n<script>/);

    await write(kamil, 'reply', 'Dzień dobry,\npołączenia znów działają.');
    await press(kamil, 'Wyślij i rozwiąż');
    assert.equal(await status(kamil), 'rozwiązane');
    assert.match(await history(kamil), /rozwiązane[^]*notatka[^]*wzięte[^]*Przyjęto/, 'the newest is first');

    await customer.goto(address);
    const seen = await customer.locator('main').innerText();
    assert.match(seen, /połączenia znów działają/);
    assert.match(seen, /Kamil, dział techniczny/, 'signed with the first name');
    assert.ok(!seen.includes('Wrona') && !seen.includes('operatora X'), 'neither surname nor note');
    assert.equal(await customer.locator('.status .tag').innerText(), 'Rozwiązane');

    await press(kamil, 'Otwórz ponownie');
    assert.equal(await status(kamil), 'w toku');
    await customer.reload();
    assert.equal(await customer.locator('.status .tag').innerText(), 'Sprawdzamy');

    await write(kamil, 'reply', 'Sprawdzamy drugi raz.');
    await press(kamil, 'Wyślij do jan.nowak@example.com');
    await customer.reload();
    assert.match(await customer.locator('.timeline').innerText(), /Sprawdzamy drugi raz/);
    assertNoBrowserErrors(kamil);
  });

  test('a ticket is marked as spam and reopened', async () => {
    const { address, reference } = await ticket(kamil);
    await press(kamil, 'To spam');
    assert.equal(await status(kamil), 'spam');
    await kamil.goto('/staff');
    assert.equal(await kamil.locator('.ticket-table tbody tr', { hasText: reference }).count(), 0, 'gone from the new ones');
    await kamil.goto('/staff?view=spam');
    await kamil.getByRole('link', { name: reference }).click();
    await customer.goto(address);
    assert.equal(await customer.locator('.status .tag').innerText(), 'Przyjęte', 'nobody is called a spammer');
    await press(kamil, 'Otwórz ponownie');
    assert.equal(await status(kamil), 'w toku');
  });

  test('a ticket is assigned to a colleague, put on hold and returned to the queue', async () => {
    const { reference } = await ticket(kamil);
    await kamil.getByLabel('Przypisz do').selectOption({ label: ANNA.name });
    await press(kamil, 'Przypisz');
    assert.match(await kamil.locator('.assignee').innerText(), /Anna Nowicka/);
    await anna.goto('/staff?view=mine');
    await anna.getByRole('link', { name: reference }).click();
    await anna.getByRole('link', { name: 'Wstrzymaj…' }).click();
    await press(anna, 'Wstrzymaj');
    assert.equal(await anna.locator('.title-bar .tag').first().innerText(), 'wstrzymane');
    await press(anna, 'Wróć do pracy');
    await press(anna, 'Oddaj do kolejki');
    assert.equal(await status(anna), 'nowe');
  });

  test('an empty reply is rejected with an error beside the field', async () => {
    await ticket(kamil);
    await press(kamil, 'Wyślij do jan.nowak@example.com');
    assert.equal(kamil.lastResponse.status(), 422);
    assert.match(await kamil.title(), /^Błąd: /);
    assert.match(await kamil.locator('#text-feedback').innerText(), /Wpisz treść/);
    await kamil.locator('#text:focus').waitFor();
  });
});

describe('conflicts between two users', () => {
  test('a late change shows the other change and keeps the text', async () => {
    const { reference } = await ticket(kamil);
    await anna.goto(`/staff/tickets/${reference}`);
    await press(anna, 'Weź');

    await write(kamil, 'reply', 'Gotowe, „działa”.');
    await press(kamil, 'Wyślij i rozwiąż');
    assert.equal(kamil.lastResponse.status(), 409);
    const both = kamil.locator('.conflict');
    assert.match(await both.innerText(), /Anna Nowicka: wzięte/);
    assert.match(await both.innerText(), /Zmienić status na „rozwiązane”/);
    assert.equal(await kamil.locator('textarea').inputValue(), 'Gotowe, „działa”.');
    await anna.reload();
    assert.equal(await status(anna), 'w toku', 'nothing has changed yet');

    await press(kamil, 'Zrób to mimo wszystko');
    assert.equal(await status(kamil), 'rozwiązane');
    assert.match(await kamil.locator('.message.outgoing').innerText(), /Gotowe, „działa”/);
  });

  test('a ticket that a colleague has just taken can be taken over', async () => {
    const { reference } = await ticket(kamil);
    await anna.goto(`/staff/tickets/${reference}`);
    await press(kamil, 'Weź');
    await press(anna, 'Weź');
    assert.equal(anna.lastResponse.status(), 409);
    await anna.getByRole('link', { name: 'Zobacz zgłoszenie' }).click();
    await anna.getByLabel('Powód przejęcia').fill('Kamil ma urlop');
    await press(anna, 'Przejmij (Kamil Wrona)');
    assert.match(await history(anna), /Anna Nowicka: przejęte od Kamil Wrona/);
  });
});

describe('queue views', () => {
  test('each filter, order and page of the queue has its own address', async () => {
    await kamil.goto('/staff?view=all');
    const first = await kamil.locator('.ticket-table tbody th').allInnerTexts();
    await kamil.getByRole('link', { name: 'Następna strona' }).click();
    const second = await kamil.locator('.ticket-table tbody th').allInnerTexts();
    assert.ok(second.length > 0 && !second.some((reference) => first.includes(reference)), 'no ticket twice');
    await kamil.getByRole('link', { name: 'Pierwsza strona' }).click();
    assert.deepEqual(await kamil.locator('.ticket-table tbody th').allInnerTexts(), first);

    await kamil.locator('.sidebar').getByRole('link', { name: 'wylogowane' }).click();
    await kamil.locator('.sidebar').getByRole('link', { name: 'W toku' }).click();
    assert.match(kamil.url(), /view=open&category=logged-out/, 'a view keeps the category');
    const words = await kamil.locator('.ticket-table tbody .col-category').allInnerTexts();
    assert.deepEqual([...new Set(words)], ['wylogowane']);

    await kamil.goto('/staff?view=all');
    await kamil.getByLabel('Kto', { exact: true }).selectOption({ label: ANNA.name });
    await press(kamil, 'Pokaż');
    const who = await kamil.locator('.ticket-table tbody .col-assignee').allInnerTexts();
    assert.ok(who.length > 0 && who.every((name) => name.includes('Anna Nowicka')));
  });

  test('an empty queue says so', async () => {
    const page = await newPage();
    await kamil.goto('/staff/accounts');
    await kamil.getByLabel('Imię i nazwisko').fill('Ewa Sroka');
    await kamil.getByLabel('E-mail').fill('ewa@example.com');
    await press(kamil, 'Dodaj konto');
    await setPassword(page, new URL(await kamil.locator('code.copyable-link').innerText()).pathname, ANNA.password);
    await page.goto('/staff?view=mine');
    assert.match(await page.locator('.empty-state').innerText(), /Kolejka jest pusta/);
  });

  test('staff can switch the language to English', async () => {
    await anna.goto('/staff?view=waiting');
    await openMenu(anna);
    await press(anna, 'English');
    assert.equal(await anna.locator('html').getAttribute('lang'), 'en');
    assert.match(anna.url(), /view=waiting/, 'on the same page');
    await openMenu(anna);
    await press(anna, 'Polski');
  });
});

describe('accounts', () => {
  test('an admin invites an agent by a one-time link, then disables the account', async () => {
    await kamil.goto('/staff');
    await openMore(kamil);
    await kamil.getByRole('link', { name: 'Konta pracowników' }).click();
    assert.match(await kamil.locator('.nav-more summary').innerText(), /^Więcej.*bieżąca strona: Konta pracowników/s);
    await press(kamil, 'Dodaj konto');
    assert.equal(kamil.lastResponse.status(), 422);
    assert.equal(await kamil.locator('.error-summary li').count(), 2);

    await kamil.getByLabel('Imię i nazwisko').fill('Piotr Kos');
    await kamil.getByLabel('E-mail').fill('piotr@example.com');
    await press(kamil, 'Dodaj konto');
    assert.match(await kamil.locator('.notice h2').innerText(), /Piotr Kos/);
    const link = new URL(await kamil.locator('code.copyable-link').innerText()).pathname;
    await kamil.goto('/staff/accounts');
    assert.equal(await kamil.locator('code.copyable-link').count(), 0, 'the link is shown once');

    const piotr = await newPage();
    await piotr.goto(link);
    assert.match(await piotr.locator('main').innerText(), /Piotr Kos/);
    await piotr.getByLabel('Nowe hasło').fill('krótkie');
    await press(piotr, 'Ustaw hasło i zaloguj');
    assert.equal(piotr.lastResponse.status(), 422);
    await setPassword(piotr, link, 'bardzo długie hasło');
    await openMore(piotr);
    assert.ok(await piotr.getByRole('link', { name: 'Blokady' }).isVisible());
    assert.equal(await piotr.getByRole('link', { name: 'Konta pracowników' }).count(), 0, 'agents see no accounts page');
    await piotr.goto('/staff/accounts');
    assert.equal(piotr.lastResponse.status(), 403);

    await piotr.goto(link);
    assert.equal(piotr.lastResponse.status(), 404);
    assert.equal(await heading(piotr), 'Ten link już nie działa');

    // shut out, at once and everywhere
    await kamil.goto('/staff/accounts');
    await press(kamil, 'Zablokuj Piotr Kos');
    assert.match(await kamil.locator('tr', { hasText: 'Piotr Kos' }).innerText(), /zablokowane/);
    await piotr.goto('/staff');
    assert.equal(path(piotr), '/staff/login');
  });

  test('changing the password signs out other browsers', async () => {
    const other = await newPage();
    await signIn(other, ANNA);
    await anna.goto('/staff/account');
    await anna.getByLabel('Obecne hasło').fill(ANNA.password);
    await anna.getByLabel('Nowe hasło').fill('inny pociąg, 8:10');
    await press(anna, 'Zmień hasło');
    assert.match(await anna.locator('[role=status]').innerText(), /Hasło jest zmienione/);
    await other.goto('/staff');
    assert.equal(path(other), '/staff/login');
    await anna.goto('/staff');
    assert.equal(path(anna), '/staff');
  });
});

describe('phone reports', () => {
  test('a phone report is entered by keyboard and keeps its values after an error', async () => {
    const page = await newPage();
    await signIn(page);
    await page.locator('.app-bar nav a', { hasText: 'Przyjmij zgłoszenie' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/staff/report');
    await page.locator('[name=channel][value=phone]').focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[name=category]').first().focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    await page.locator('#caller').focus();
    await page.keyboard.type('22 555 01 20');
    await page.keyboard.press('Tab');
    await page.keyboard.type('22 122 80 22, 601 555 210');
    await page.locator('#time').focus();
    await page.keyboard.type('0:01');
    await page.keyboard.press('Enter');
    await page.locator('.error-summary').waitFor();
    assert.equal(page.lastResponse.status(), 422);
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20');
    assert.ok(await page.locator('[name=channel][value=chat]').isChecked());
    await page.locator('#callee').fill('0044 20 8190 0322');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/staff/tickets/**');
    assert.match(await history(page), /Kamil Wrona: zgłoszenie przyjęte za klienta, czat/);
    await page.getByRole('link', { name: 'Link dla klienta' }).click();
    assert.match(await page.locator('code.copyable-link').innerText(), /\/pl\/ticket\/DZ-.*key=/);
    assertNoBrowserErrors(page);
    await page.context().close();
  });
});

describe('call details', () => {
  test('a call detail is requested from the customer or entered by staff', async () => {
    const { reference } = await ticket(anna, { error_text: '', caller: 'zastrzeżony' });
    assert.match(await anna.locator('.call-summary').innerText(), /Czegoś brakuje/);
    await anna.locator('.call-details button[value=caller]').click();
    await anna.locator('.call-details .tag.info').waitFor();
    assert.equal(await anna.locator('.title-bar .tag').first().innerText(), 'wstrzymane');
    await anna.locator('.call-details a[href*="/details/message"]').click();
    await anna.locator('#error_text').fill('503 Service Unavailable');
    await press(anna, 'Zapisz');
    await anna.waitForURL(`**/staff/tickets/${reference}#call-details`);
    assert.match(await history(anna), /komunikat lub kod:\s503\sService\sUnavailable/);
    assertNoBrowserErrors(anna);
  });
});
