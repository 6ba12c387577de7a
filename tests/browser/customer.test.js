// Customers on a small screen without JavaScript: guides, the report form, languages and their tickets.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, openPage } from './browser.js';
import { requestDetail, subPath, validReport } from './actors.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

useFixtures();
afterEach(closeAllPages);

/** Opens a page on a small phone without JavaScript. */
const customer = () => openPage(browser, portal.url, { width: 360, height: 740, js: false });

const answer = (page, text) => page.locator('.answer', { has: page.getByText(text, { exact: true }) }).click();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
/** The "Back" button of the browser, which may restore the page without loading it. */
const back = (page) => page.goBack({ waitUntil: 'commit' });
const isFocused = (page, selector) => page.locator(`${selector}:focus`).waitFor({ state: 'attached' });

/** The messages of the error summary. */
const errorMessages = (page) => page.locator('.error-summary li').allInnerTexts();

/** Opens the report form and fills in an outgoing call; the contact is still missing. */
async function fillOutgoingCall(page) {
  await page.goto('/pl/report?category=outgoing');
  await page.getByLabel('Kto dzwonił?').fill('22 555 01 20');
  await page.getByLabel('Na jaki numer?').fill('0044 20 8190 0322');
  await page.locator('label', { hasText: 'Przed chwilą' }).click();
  await page.locator('label', { hasText: 'Nie ma go' }).click();
}

describe('reporting a failed call', () => {
  test('a customer goes through the guide, corrects the errors in the report and gets a ticket', async () => {
    const page = await customer();
    await page.goto('/');
    assert.equal(path(page), '/pl', 'the browser asks for Polish');
    await page.getByRole('link', { name: 'Nie mogę zadzwonić', exact: true }).click();
    await answer(page, 'Tak');
    await answer(page, 'Za granicę');
    await answer(page, 'Jest wybrany dobrze, nadal nie działa');
    await answer(page, 'Jest zielony, nadal nie działa');
    await answer(page, 'Są włączone, nadal nie działa');
    await answer(page, 'Cena mieści się w limicie');
    await answer(page, 'Cena mieści się w limicie');
    await answer(page, 'Tak, jest');

    assert.equal(await heading(page), 'Zgłoś połączenie, które się nie udało');
    const attached = page.locator('aside .answer-list').first();
    assert.match(await attached.innerText(), /Dokąd nie możesz zadzwonić\?\s+Za granicę/);
    assert.ok(await page.locator('[name=in_billing][value=yes]').isChecked(), 'the guide has asked that already');

    // invalid values in most fields
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20 i 22 555 03 40');
    await page.getByLabel('O której godzinie?').fill('25:10');
    await page.getByLabel('Jaki był komunikat').fill('„503” & <b>usługa</b>');
    await page.getByLabel('Co jeszcze warto wiedzieć?').fill('Wczoraj działało.\nDziś od rana ani razu.');
    await page.getByLabel('E-mail').fill('jan.nowak@');
    await press(page, 'Wyślij zgłoszenie');

    assert.equal(page.lastResponse.status(), 422);
    assert.match(await page.title(), /^Błąd: /);
    assert.equal((await page.locator('.error-summary h2').innerText()).replaceAll('\u00A0', ' '), 'Trzeba poprawić 4 rzeczy');
    const messages = await errorMessages(page);
    assert.equal(messages.length, 4, messages.join('\n'));
    assert.match(messages[0], /dwa numery/);
    assert.match(messages[1], /^Wpisz wybierany numer/);
    assert.match(messages[2], /25:10/);
    assert.match(messages[3], /adres e.mail/);
    await isFocused(page, '.error-summary');

    // each message links to its field
    for (const field of ['caller', 'callee', 'time', 'email']) {
      await page.locator(`.error-summary a[href="#${field}"]`).click();
      await page.locator(`#${field}:target`).waitFor();
      await isFocused(page, `#${field}`);
      assert.equal(await page.locator(`#${field}`).getAttribute('aria-invalid'), 'true');
      const described = (await page.locator(`#${field}`).getAttribute('aria-describedby')).split(' ');
      assert.ok(described.includes(`${field}-feedback`), `${field} is described by its error`);
      assert.match(await page.locator(`#${field}-feedback`).innerText(), /^Błąd:/);
    }

    // all values are kept
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20 i 22 555 03 40');
    assert.equal(await page.locator('#time').inputValue(), '25:10');
    assert.equal(await page.locator('#email').inputValue(), 'jan.nowak@');
    assert.equal(await page.locator('#error_text').inputValue(), '„503” & <b>usługa</b>');
    assert.equal(await page.locator('#description').inputValue(), 'Wczoraj działało.\nDziś od rana ani razu.');
    assert.ok(await page.locator('[name=in_billing][value=yes]').isChecked());
    assert.match(await page.locator('aside .answer-list').first().innerText(), /Za granicę/, 'the answers stay attached');

    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20');
    await page.getByLabel('Na jaki numer?').fill('+44 20 8190 0322');
    await page.locator('label', { hasText: 'Przed chwilą' }).click();
    await page.getByLabel('E-mail').fill('jan.nowak@example.com');
    await press(page, 'Wyślij zgłoszenie');

    await page.waitForURL(/\/pl\/ticket\/DZ-\w{5}-\w{5}\?key=\w{26}$/);
    const reference = await page.locator('h1 .ref').innerText();
    assert.match(reference, /^DZ-[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    const text = await page.locator('main').innerText();
    for (const part of ['0044 20 8190 0322', 'Za granicę', '„503” & <b>usługa</b>', 'Dziś od rana', 'Przyjęte']) {
      assert.ok(text.includes(part), `the ticket shows ${part}`);
    }

    await page.reload();
    assert.equal(await page.locator('h1 .ref').innerText(), reference);
    assertNoBrowserErrors(page);
  });

  test('the back link of the report form returns to the guide step', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing/yes/abroad/right/on/on/right/right');
    const step = page.url();
    await answer(page, 'Nie ma go');
    await page.getByRole('link', { name: 'Wstecz' }).click();
    assert.equal(page.url(), step);
    await page.getByRole('link', { name: 'Zgłoś problem już teraz' }).click();
    await press(page, 'Wyślij zgłoszenie');
    await page.getByRole('link', { name: 'Wstecz' }).click();
    assert.equal(page.url(), step, 'with mistakes, too');
  });

  test('sending the same form twice creates one ticket', async () => {
    const page = await customer();
    await fillOutgoingCall(page);
    await page.getByLabel('Telefon').fill('601 555 210');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    const first = page.url();

    await back(page);
    assert.equal(await page.getByLabel('Telefon').inputValue(), '601 555 210', 'the form still has what was typed');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    assert.equal(page.url(), first);
  });

  test('another call in a form that was sent is another ticket', async () => {
    const page = await customer();
    const form = validReport({ description: 'Raz.' });
    const sent = () => page.request.post('/pl/report', { form, maxRedirects: 0 });
    const [one, two] = await Promise.all([sent(), sent()]);
    assert.equal(one.headers().location, two.headers().location, 'a double submission creates one ticket');
    form.description = 'Drugie połączenie.';
    const other = (await sent()).headers().location;
    assert.notEqual(other, one.headers().location);
    await page.goto(other);
    assert.match(await page.locator('main').innerText(), /Drugie połączenie/);
  });

  test('the "Back" button returns to a form that was corrected, with what was typed', async () => {
    const page = await customer();
    await fillOutgoingCall(page);
    await press(page, 'Wyślij zgłoszenie');
    assert.equal(page.lastResponse.status(), 422);
    await page.getByLabel('Telefon').fill('601 555 210');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    const first = page.url();

    await back(page);
    assert.equal(await page.getByLabel('Na jaki numer?').inputValue(), '0044 20 8190 0322');
    await page.getByLabel('Na jaki numer?').fill('0048 58 555 02 20');
    await page.getByLabel('Telefon').fill('601 555 210');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    assert.notEqual(page.url(), first, 'another call is another ticket');
    assertNoBrowserErrors(page);
  });
});

describe('validation of the report form', () => {
  test('date and time are shown only for the chosen days that need them', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=incoming');
    const date = page.locator('#date');
    const time = page.locator('#time');
    assert.ok(!(await date.isVisible()) && (await time.isVisible()), 'today: a time');
    await page.locator('label', { hasText: 'Inna data' }).click();
    assert.ok((await date.isVisible()) && (await time.isVisible()), 'another day: a date and a time');
    await page.locator('label', { hasText: 'Przed chwilą' }).click();
    assert.ok(!(await date.isVisible()) && !(await time.isVisible()), 'just now: neither');
    assert.ok(!(await page.locator('.precision').isVisible()), 'just now is exact');
  });

  test('the error summary lists missing fields in page order and matches the field errors', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing');
    await press(page, 'Wyślij zgłoszenie');
    const links = await page.locator('.error-summary a').evaluateAll((all) => all.map((link) => link.hash.slice(1)));
    assert.deepEqual(links, ['caller', 'callee', 'time', 'in_billing', 'email']);
    const messages = await errorMessages(page);
    for (const [at, field] of links.entries()) {
      const beside = await page.locator(`#${field}-feedback`).innerText();
      assert.ok(beside.includes(messages[at]), `${field}: the same words in the summary and beside the field`);
    }
    const tops = await page
      .locator('.field-error')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    assert.deepEqual(tops, tops.toSorted((a, b) => a - b), 'the summary follows the page');
    // one contact is enough
    await page.getByLabel('Telefon').fill('601 555 210');
    await press(page, 'Wyślij zgłoszenie');
    assert.equal(await page.locator('#email-feedback').count(), 0);
  });

  test('the form shows how numbers and times were understood', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing');
    await page.getByLabel('Kto dzwonił?').fill('(22) 555-01-20');
    await page.getByLabel('Na jaki numer?').fill('+44 (0)20 8190 0322');
    await page.locator('label', { hasText: 'Wczoraj' }).click();
    await page.getByLabel('O której godzinie?').fill('około 14');
    await press(page, 'Wyślij zgłoszenie');
    assert.match(await page.locator('#caller-feedback').innerText(), /Rozumiemy: 22\u00A0555\u00A001\u00A020, .*Warszawa/);
    assert.match(await page.locator('#callee-feedback').innerText(), /0044\u00A020\u00A08190\u00A00322/);
    assert.match(await page.locator('#when-feedback').innerText(), /14:00/);
  });

  test('each category has its own fields and errors', async () => {
    const page = await customer();
    await page.goto('/pl/report');
    await answer(page, 'Telefon lub aplikacja się nie loguje');
    assert.equal(await heading(page), 'Zgłoś konto, które się nie loguje');
    assert.equal(await page.locator('#caller, #callee, [name=day]:not([type=hidden])').count(), 0, 'no A and B');
    await page.getByLabel('Które konto SIP?').fill('12345-101');
    await page.getByLabel('Publiczny adres IP').fill('nie wiem');
    await page.getByLabel('E-mail').fill('jan@example.com');
    await press(page, 'Wyślij zgłoszenie');
    assert.deepEqual(await errorMessages(page), [
      'To nie jest adres IP. Wpisz na przykład 203.0.113.7 albo zostaw pole puste',
    ]);

    await page.goto('/pl/report');
    await answer(page, 'Słychać źle albo wcale');
    assert.equal(await page.locator('[name=symptom]').count(), 8, 'sound has a symptom');
    await press(page, 'Wyślij zgłoszenie');
    assert.ok((await errorMessages(page)).includes('Zaznacz, co było słychać'));
  });
});

describe('guides', () => {
  test('the address holds the whole state of a guide: back, reload and a shared link work', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing');
    await answer(page, 'Tak');
    const second = page.url();
    await answer(page, 'Za granicę');
    const third = page.url();
    const question = await heading(page);
    await back(page);
    assert.equal(page.url(), second);
    assert.match(await heading(page), /Dokąd/);
    await page.goForward({ waitUntil: 'commit' });
    await page.reload();
    assert.equal(await heading(page), question);

    const friend = await customer();
    await friend.goto(third);
    assert.equal(await heading(friend), question);
    assert.match(await friend.locator('aside').innerText(), /Za granicę/, 'with the answers given so far');
    await friend.getByRole('link', { name: 'Wstecz' }).click();
    assert.equal(friend.url(), second);
  });

  test('an earlier answer in a guide can be changed', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing/yes/abroad/right');
    await page.getByRole('link', { name: 'Zmień odpowiedź: Dokąd nie możesz zadzwonić?' }).click();
    assert.equal(path(page), '/pl/guide/outgoing/yes');
    await answer(page, 'Na numer w Polsce');
    assert.equal(path(page), '/pl/guide/outgoing/yes/poland');
    assert.match(await heading(page), /polski numer/);
  });

  test('a guide leads to another guide or to its final page', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing');
    await answer(page, 'Nie');
    assert.match(await page.locator('.progress').innerText(), /nie loguje/);
    await page.goto('/pl/guide/outgoing/yes/abroad');
    await answer(page, 'Był źle zapisany, teraz działa');
    assert.equal(await heading(page), 'Dobrze, że już działa');
    await page.getByRole('link', { name: 'Jednak nie działa, zgłoś' }).click();
    assert.match(await page.locator('aside').innerText(), /Był źle zapisany/);
  });

  test('an invalid guide address shows a 404 page with links', async () => {
    const page = await customer();
    for (const address of ['/pl/guide/outgoing/maybe', '/pl/guide/fax', '/pl/guide/outgoing/yes/abroad/right/x']) {
      await page.goto(address);
      assert.equal(page.lastResponse.status(), 404);
      assert.equal(await heading(page), 'Nie ma tu takiej strony');
    }
    await page.getByRole('main').getByRole('link', { name: 'Strona główna' }).click();
    assert.equal(path(page), '/pl');
    assertNoBrowserErrors(page);
  });

  test('the one-page version of a guide links answers to steps', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing?all');
    assert.equal(await page.locator('.steps > li').count(), 11);
    await page.locator('#destination .outcomes a').first().click();
    await page.locator('#number-poland:target').waitFor();
  });
});

describe('switching the language', () => {
  const places = [
    '/pl/guide/outgoing/yes/abroad',
    '/pl/guide/audio?all',
    '/pl/report?category=outgoing&trail=outgoing/yes/abroad',
    '/pl/ticket',
    '/pl/check/address',
    '/pl/nothing-there',
  ];
  for (const place of places) {
    test(`switching the language stays on ${place}`, async () => {
      const page = await customer();
      await page.goto(place);
      const polish = await page.locator('main').innerText();
      await page.getByRole('link', { name: 'English' }).click();
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      assert.equal(path(page), place.replace('/pl', '/en').split('?')[0]);
      assert.notEqual(await page.locator('main').innerText(), polish);
      await page.getByRole('link', { name: 'Polski' }).click();
      assert.equal(await page.locator('main').innerText(), polish, 'and back');
    });
  }

  test('switching the language keeps the values of a form with errors', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing&trail=outgoing/yes/abroad');
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20');
    await press(page, 'Wyślij zgłoszenie');
    await page.getByRole('link', { name: 'English' }).click();
    await press(page, 'Show this form in English');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20');
    assert.match(await page.title(), /^Error:/);
    assert.match(await page.locator('aside .answer-list').first().innerText(), /Where can't you call|abroad/i);
    assert.equal(await page.locator('[name=category]').inputValue(), 'outgoing');
  });
});

describe('looking up a ticket', () => {
  test('reference and access code are accepted in any case and spacing', async () => {
    const page = await customer();
    const sent = await page.request.post('/pl/report', { form: validReport(), maxRedirects: 0 });
    await page.goto(sent.headers().location);
    const reference = await page.locator('h1 .ref').innerText();
    const key = await page.locator('.bookmark .code').innerText();
    await page.goto('/pl/ticket');
    await page.locator('#reference').fill(reference.toLowerCase().replaceAll('-', ' '));
    await page.getByLabel('Kod dostępu').fill(key.toLowerCase());
    await press(page, 'Pokaż zgłoszenie');
    assert.equal(await page.locator('h1 .ref').innerText(), reference);
  });

  test('a wrong access code shows the same page as an unknown ticket', async () => {
    const page = await customer();
    const sent = await page.request.post('/pl/report', { form: validReport(), maxRedirects: 0 });
    const [address] = sent.headers().location.split('?');
    const words = [];
    for (const guess of [`${address}?key=0`, address, '/pl/ticket/DZ-00000-00000?key=0']) {
      await page.goto(guess);
      assert.equal(page.lastResponse.status(), 404);
      words.push(await page.locator('.error-summary').innerText());
    }
    assert.deepEqual(new Set(words).size, 1, words.join('\n'));
  });

  test('a reference with a wrong check character is reported as such', async () => {
    const page = await customer();
    await page.goto('/pl/ticket');
    await page.locator('#reference').fill('DZ-00000-00001');
    await press(page, 'Pokaż zgłoszenie');
    assert.equal(page.lastResponse.status(), 422);
    const messages = await errorMessages(page);
    assert.equal(messages.length, 2);
    assert.match(messages[1], /Wpisz kod dostępu/);
    await isFocused(page, '.error-summary');
    assert.equal(await page.locator('#reference').inputValue(), 'DZ-00000-00001', 'what was typed stays');
  });
});

describe('the ticket page of the customer', () => {
  /** Sends a report and opens the page of its ticket. */
  async function reported(more) {
    const page = await customer();
    const sent = await page.request.post('/pl/report', { form: validReport(more), maxRedirects: 0 });
    await page.goto(sent.headers().location);
    return { page, address: sent.headers().location };
  }

  test('a customer answers a question, adds an example and a message, and confirms the fix', async () => {
    const { page, address } = await reported({ precision: '30min', day: 'today', time: '0:00' });
    assert.match(await page.locator('.completeness').innerText(), /Brakujące dane: dokładna godzina/);
    assert.match(await page.locator('.next-step').innerText(), /Odpowiemy/);
    await requestDetail(page, address, 'time');
    await page.reload();
    await page.getByRole('link', { name: 'Odpowiedz' }).click();
    assert.match(await heading(page), /której dokładnie/);
    await page.getByLabel('O której godzinie?').fill('25:10');
    await press(page, 'Wyślij odpowiedź');
    assert.equal(page.lastResponse.status(), 422);
    await isFocused(page, '.error-summary');
    await page.locator('label', { hasText: 'Wczoraj' }).click();
    await page.getByLabel('O której godzinie?').fill('14:05');
    await press(page, 'Wyślij odpowiedź');
    await page.waitForURL('**flash=answer**');
    assert.match(await page.locator('#flash').innerText(), /odpowiedź jest/);
    assert.equal(await page.locator('.question').count(), 0);
    assert.match(await page.locator('.completeness').innerText(), /Mamy wszystko/);

    await page.getByRole('link', { name: 'Dodaj przykład połączenia' }).click();
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 21');
    await page.getByLabel('Na jaki numer?').fill('22 122 80 22, 601 555 210');
    await page.locator('label', { hasText: 'Wczoraj' }).click();
    await page.getByLabel('O której godzinie?').fill('9:15');
    await press(page, 'Dodaj przykład');
    assert.equal(page.lastResponse.status(), 422);
    assert.equal(await page.getByLabel('Kto dzwonił?').inputValue(), '22 555 01 21');
    await page.getByLabel('Na jaki numer?').fill('601 555 210');
    await press(page, 'Dodaj przykład');
    await page.waitForURL('**flash=example**');
    assert.match(await page.locator('.examples').innerText(), /22 555 01 21/);

    await page.getByLabel('Co się zmieniło').fill('Od 15:00 jest cisza.');
    await press(page, 'Wyślij wiadomość');
    await page.waitForURL('**flash=message**');
    assert.match(await page.locator('.timeline').innerText(), /Od 15:00 jest cisza\./);
    await press(page, 'Już działa');
    await page.waitForURL('**flash=works**');
    assert.equal(await page.locator('.status .tag').innerText(), 'Rozwiązane');
    await press(page, 'Nadal nie działa');
    await page.waitForURL('**flash=fails**');
    assert.notEqual(await page.locator('.status .tag').innerText(), 'Rozwiązane');
    assertNoBrowserErrors(page);
  });

  test('rotating the link makes the old one invalid', async () => {
    const { page, address } = await reported();
    await page.locator('summary', { hasText: 'Ktoś obcy' }).click();
    await press(page, 'Zrób nowy link');
    await page.waitForURL('**flash=link**');
    assert.match(await page.locator('#flash').innerText(), /nowy link/);
    await page.locator('summary', { hasText: 'innym urządzeniu' }).click();
    assert.ok(await page.getByRole('img', { name: /Kod QR/ }).isVisible());
    for (const path of ['', '/answer/time', '/example']) {
      await page.goto(subPath(address, path));
      assert.equal(page.lastResponse.status(), 404);
    }
    await page.locator('#email').fill('jan.nowak@example.com');
    await press(page, 'Wyślij mi link');
    assert.equal(await heading(page), 'Sprawdź pocztę');
    assertNoBrowserErrors(page);
  });
});
