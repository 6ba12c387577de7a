// The staff page of a ticket: copying, shortcuts, drafts, saved replies.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors } from './browser.js';
import { invitationLink, referenceIn, sendReport, signIn, signedInPage } from './actors.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

const ANNA = { email: 'anna@example.com', name: 'Anna Nowicka', password: 'pociąg do pracy 7:40' };

useFixtures();
afterEach(closeAllPages);

/** Opens a new ticket as staff; `customers` is the address of the customer's page. */
async function openTicket({ js = true, width, height, ...more } = {}) {
  const page = await signedInPage(browser, portal.url, { js, width, height });
  const customers = await sendReport(page, 'pl', more);
  const address = `/staff/tickets/${referenceIn(customers)}`;
  await page.goto(address);
  return { page, address, customers };
}

const text = (page) => page.locator('#text');
const kind = (page) => page.locator('#compose [name=kind]:checked').getAttribute('value');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Waits until the draft is saved, which happens shortly after the last input. */
const draftSaved = (page, words) =>
  page.waitForFunction((part) => Object.values(localStorage).some((value) => value.includes(part)), words);

async function saveReply(page, title, body) {
  await page.goto('/staff/replies/new');
  await page.locator('#title').fill(title);
  await page.locator('#body').fill(body);
  await page.locator('main form > .btn').click();
  await page.waitForURL('**/staff/replies');
}

describe('the call summary', () => {
  test('the call summary is copied by a shortcut, with a confirmation', async () => {
    const { page } = await openTicket();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.keyboard.press('c');
    await page.locator('[data-copied]', { hasText: 'Skopiowano' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, await page.locator('#call-text').textContent());
    assert.match(copied, /^DZ-.*\nA: 22 555 01 20 \(\+48225550120\)\nB: 0044 20 8190 0322/);
    assertNoBrowserErrors(page);
  });

  test('the call summary is copied without the clipboard API', async () => {
    const { page } = await openTicket();
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.reload();
    await press(page, 'Kopiuj');
    await page.locator('[data-copied]', { hasText: 'Skopiowano' }).waitFor();
    await text(page).focus();
    await page.keyboard.press('Control+V');
    assert.equal(await text(page).inputValue(), await page.locator('#call-text').textContent());
  });

  test('the call summary can be selected without scripts', async () => {
    const { page } = await openTicket({ js: false });
    assert.equal(await page.locator('[data-copy-from]').isVisible(), false, 'no button that does nothing');
    await page.locator('.call-as-text summary').click();
    assert.match(await page.locator('#call-text').innerText(), /Kod: 503: Usługa niedostępna/);
  });
});

describe('after an action the focus stays at its section', () => {
  /** The section that the next Tab leads to. */
  async function next(page) {
    await page.keyboard.press('Tab');
    return page.evaluate(() => document.activeElement.closest('[data-live-part]')?.dataset.livePart);
  }

  for (const [how, options] of Object.entries({
    'by keyboard': {},
    'on a narrow screen, without scripts': { js: false, width: 360, height: 740 },
  })) {
    test(`after an action the focus stays, ${how}`, async () => {
      const { page, address } = await openTicket(options);
      await press(page, 'Weź');
      await page.waitForURL(`**${address}*#actions`);
      if (!options.width) assert.equal(await page.evaluate(() => scrollY), 0, 'the call summary scrolled out of view');
      assert.equal(await next(page), 'actions');

      // two questions, one after the other
      for (const detail of ['caller', 'callee']) {
        await page.locator(`[name=detail][value=${detail}]`).click();
        await page.locator(`[name=withdraw][value=${detail}]`).waitFor();
        assert.equal(await next(page), 'call-details', detail);
      }
      await page.locator('[data-live-part=call-details] a[href$="/details/callee"]').click();
      await page.locator('#callee').fill('0044 20 8190 0323');
      await page.locator('main form .btn').click();
      await page.waitForURL(`**${address}*#call-details`);
      assert.equal(await next(page), 'call-details');

      await press(page, 'To spam');
      await page.waitForURL(`**${address}*#actions`);
      await press(page, 'Otwórz ponownie');
      await page.locator('[name=status][value=resolved]').first().waitFor();
      assert.equal(await next(page), 'actions');

      const main = referenceIn(await sendReport(page));
      await page.locator('#into').fill(main);
      await press(page, 'Scal');
      await page.waitForURL(`**/${main}*#related`);
      assert.equal(await next(page), 'related');
      assertNoBrowserErrors(page);
    });
  }

  test('reply and resolve returns to the conversation', async () => {
    const { page, address } = await openTicket();
    await text(page).fill('Już działa.');
    await press(page, 'Wyślij i rozwiąż');
    await page.waitForURL(`**${address}*#conversation`);
  });
});

describe('the composer', () => {
  test('shortcuts choose the kind, and a note is never sent to the customer', async () => {
    const { page, customers } = await openTicket();
    await page.keyboard.press('i');
    assert.equal(await kind(page), 'note');
    await page.locator('#text:focus').waitFor();
    assert.equal(await page.getByRole('button', { name: /^Wyślij/ }).count(), 0, 'nothing there sends');
    await page.keyboard.type('To nie jest dla klienta');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message.note', { hasText: 'To nie jest dla klienta' }).waitFor();
    await page.keyboard.press('r');
    assert.equal(await kind(page), 'reply');
    await page.locator('#text:focus').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Zapisz notatkę' }).count(), 0);
    await page.keyboard.type('To jest dla klienta');
    await page.keyboard.press('Control+Enter');
    await page.locator('.message.outgoing', { hasText: 'To jest dla klienta' }).waitFor();
    await page.goto(customers);
    const seen = await page.locator('main').innerText();
    assert.ok(seen.includes('To jest dla klienta') && !seen.includes('To nie jest'), seen);
    assertNoBrowserErrors(page);
  });

  test('a double click sends one reply', async () => {
    const { page } = await openTicket();
    await text(page).fill('Raz wystarczy');
    await page.getByRole('button', { name: /^Wyślij do/ }).dblclick();
    await page.locator('.message.outgoing').first().waitFor();
    await page.reload();
    assert.equal(await page.locator('.message.outgoing').count(), 1);
  });
});

describe('drafts', () => {
  test('a draft is restored after a reload and deleted when sent or discarded', async () => {
    const { page, address } = await openTicket();
    await text(page).fill('Zaczęte i');
    await page.reload();
    assert.equal(await text(page).inputValue(), 'Zaczęte i', 'kept although the page was left at once');
    assert.match(await page.locator('.draft').innerText(), /Przywrócony szkic/);
    await page.locator('.draft button').click();
    assert.equal(await text(page).inputValue(), '');
    await page.reload();
    assert.equal(await text(page).inputValue(), '', 'discarded for good');

    await page.locator('[value=note]').check();
    await text(page).fill('Zaczęta notatka');
    await draftSaved(page, 'Zaczęta notatka');
    await page.goto('/staff');
    await page.goto(address);
    assert.equal(await text(page).inputValue(), 'Zaczęta notatka');
    assert.equal(await kind(page), 'note', 'as the note that it was');
    await press(page, 'Zapisz notatkę');
    await page.locator('.message.note').waitFor();
    assert.equal(await text(page).inputValue(), '');
    await page.reload();
    assert.equal(await text(page).inputValue(), '', 'sent is not started');
    assertNoBrowserErrors(page);
  });

  test('a rejected draft is kept, and a lost response does not send it twice', async () => {
    const { page, address } = await openTicket();
    const long = 'za długie '.repeat(501).trim();
    await text(page).fill(long);
    await page.getByRole('button', { name: /^Wyślij do/ }).click();
    await page.locator('#text-feedback').waitFor();
    const submission = await page.locator('[name=submission]').inputValue();
    await page.goto(address);
    assert.equal(await text(page).inputValue(), long);
    assert.equal(await page.locator('[name=submission]').inputValue(), submission, 'it is the same form');

    // the answer to the next try gets lost on its way
    await text(page).fill('Krótkie');
    await page.route('**/replies*', async (route) => {
      await route.fetch({ maxRedirects: 0 });
      await route.abort();
    });
    await page.getByRole('button', { name: /^Wyślij do/ }).click();
    await page.waitForURL('chrome-error://**');
    await page.unroute('**/replies*');
    await page.goto(address);
    assert.equal(await page.locator('.message.outgoing').count(), 1);
    assert.equal(await text(page).inputValue(), '', 'it arrived, so it is no draft');
  });

  test('a draft belongs to one user and one ticket', async () => {
    const { page, address } = await openTicket();
    await text(page).fill('Kamil pisze');
    await draftSaved(page, 'Kamil pisze');
    const other = referenceIn(await sendReport(page));
    await page.goto(`/staff/tickets/${other}`);
    assert.equal(await text(page).inputValue(), '');

    const link = await invitationLink(page, ANNA.name);
    await page.locator('.account-menu summary').click();
    await press(page, 'Wyloguj');
    await page.goto(link);
    await page.getByLabel('Nowe hasło').fill(ANNA.password);
    await press(page, 'Ustaw hasło i zaloguj');
    await page.waitForURL('**/staff');
    await page.goto(address);
    assert.equal(await text(page).inputValue(), '');

    await page.locator('.account-menu summary').click();
    await press(page, 'Wyloguj');
    await signIn(page);
    await page.goto(address);
    assert.equal(await text(page).inputValue(), 'Kamil pisze');
  });

  test('a draft is kept on the conflict page and back on the ticket', async () => {
    const { page, address } = await openTicket();
    await text(page).fill('Już działa');
    const version = await page.locator('#compose [name=version]').inputValue();
    await page.request.post(`${address}/status`, { form: { version, status: 'spam' }, maxRedirects: 0 });
    await press(page, 'Wyślij i rozwiąż');
    await page.locator('.conflict').waitFor();
    assert.equal(await text(page).inputValue(), 'Już działa');
    await text(page).fill('Już na pewno działa');
    await page.getByRole('link', { name: 'Zobacz zgłoszenie' }).click();
    await page.waitForURL(`**${address}*`);
    assert.equal(await text(page).inputValue(), 'Już na pewno działa');
    assertNoBrowserErrors(page);
  });

  test('a draft moves with the kind, unless the other kind has its own', async () => {
    const { page } = await openTicket();
    await text(page).fill('Do klienta');
    await page.locator('[value=note]').check();
    assert.equal(await text(page).inputValue(), 'Do klienta', 'what is written goes along');
    await page.reload();
    assert.equal(await kind(page), 'note');
    // another tab keeps a reply meanwhile
    await page.evaluate(() => {
      const [name] = Object.keys(localStorage).filter((key) => key.endsWith('/note'));
      const draft = { text: 'Z innej karty', submission: '', at: Date.now() - 1000 };
      localStorage.setItem(name.replace('/note', '/reply'), JSON.stringify(draft));
    });
    await page.locator('[value=reply]').check();
    assert.equal(await text(page).inputValue(), 'Z innej karty');
    await page.locator('[value=note]').check();
    assert.equal(await text(page).inputValue(), 'Do klienta', 'neither is lost');
  });

  test('a draft is deleted after two weeks', async () => {
    const { page, address } = await openTicket();
    await text(page).fill('Dawno temu');
    await draftSaved(page, 'Dawno temu');
    const age = (days) =>
      page.evaluate((ago) => {
        for (const name of Object.keys(localStorage).filter((key) => key.startsWith('dzwoni-draft:'))) {
          const draft = JSON.parse(localStorage.getItem(name));
          localStorage.setItem(name, JSON.stringify({ ...draft, at: draft.at - ago * 24 * 3600 * 1000 }));
        }
      }, days);
    // leaving the page would write it anew
    await page.goto('/staff');
    await age(13);
    await page.goto(address);
    assert.equal(await text(page).inputValue(), 'Dawno temu');
    await page.goto('/staff');
    await age(15);
    await page.goto(address);
    assert.equal(await text(page).inputValue(), '');
  });
});

describe('saved replies', () => {
  test('a saved reply is inserted at the cursor, filled in, and can be undone', async () => {
    const { page, address } = await openTicket();
    await saveReply(page, 'Sprawdzamy', 'Sprawdzamy połączenie na {numer_b}, kod {kod}.');
    await page.goto(address);
    await text(page).fill('Dzień dobry,\nPozdrawiam');
    await text(page).evaluate((area) => area.setSelectionRange(13, 13));
    await page.locator('#saved-reply').selectOption({ label: 'Sprawdzamy' });
    await press(page, 'Wstaw');
    const filled = 'Sprawdzamy połączenie na 0044 20 8190 0322, kod 503.';
    await page.waitForFunction((part) => document.getElementById('text').value.includes(part), filled);
    assert.equal(await text(page).inputValue(), `Dzień dobry,\n${filled}Pozdrawiam`);
    await page.locator('#text:focus').waitFor();
    await page.keyboard.press('Control+Z');
    assert.equal(await text(page).inputValue(), 'Dzień dobry,\nPozdrawiam');
    assert.equal(page.url().split('/').pop(), address.split('/').pop(), 'on the same page');
    assertNoBrowserErrors(page);
  });

  test('a saved reply is appended without scripts', async () => {
    const { page, address } = await openTicket({ js: false, account: '12345-101', category: 'logged-out' });
    await saveReply(page, 'Połączenie', 'Połączenie z {godzina}.');
    await page.goto(address);
    await text(page).fill('Dzień dobry,');
    await page.locator('#saved-reply').selectOption({ label: 'Połączenie' });
    await press(page, 'Wstaw');
    assert.equal(await text(page).inputValue(), 'Dzień dobry,\n\nPołączenie z [uzupełnij: godzina].');
    await page.getByRole('button', { name: /^Wyślij do/ }).click();
    assert.match(await page.locator('#text-feedback').innerText(), /zostało „\[uzupełnij: godzina\]”/);
    await text(page).fill('Dzień dobry, już działa.');
    await page.getByRole('button', { name: /^Wyślij do/ }).click();
    assert.match(await page.locator('.message.outgoing').innerText(), /już działa/);
  });
});

test('the back link returns to the previous view, also after a change', async () => {
  const page = await signedInPage(browser, portal.url, { js: false });
  await page.goto('/staff?view=open&category=audio');
  await page.locator('.ticket-table tbody a').first().click();
  await page.locator('#compose [value=note]').check();
  await text(page).fill('Widziane');
  await press(page, 'Zapisz notatkę');
  await page.locator('.message.note', { hasText: 'Widziane' }).waitFor();
  await page.locator('#compose [value=note]').check();
  await press(page, 'Zapisz notatkę');
  await page.locator('#text-feedback').waitFor();
  await text(page).fill('Widziane drugi raz');
  await press(page, 'Zapisz notatkę');
  await page.locator('.message.note', { hasText: 'Widziane drugi raz' }).waitFor();
  await page.getByRole('link', { name: 'W toku' }).click();
  assert.match(page.url(), /view=open&category=audio/);
});

test('the send button with a long address fits a phone screen', async () => {
  const page = await signedInPage(browser, portal.url, { width: 360, height: 740 });
  const reference = referenceIn(await sendReport(page, 'pl', { email: `${'a'.repeat(60)}@a-long-name.example.com` }));
  await page.goto(`/staff/tickets/${reference}`);
  const button = page.getByRole('button', { name: /^Wyślij do/ });
  const box = await button.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 360, 'a long address breaks');
});
