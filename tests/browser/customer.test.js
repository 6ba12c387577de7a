// Customers, who have a telephone that fails, often a small screen, and here no JavaScript.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertQuiet, visitor } from './browser.js';
import { ask, below, report } from './people.js';
import { browser, everybodyLeaves, portal, stage } from './stage.js';

stage();
afterEach(everybodyLeaves);

/** A customer with a small telephone and no JavaScript. */
const customer = () => visitor(browser, portal.url, { width: 360, height: 740, js: false });

const answer = (page, text) => page.locator('.answer', { has: page.getByText(text, { exact: true }) }).click();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;
/** The browser's own "Back": it may show the page as it was, without loading it again. */
const back = (page) => page.goBack({ waitUntil: 'commit' });
const isFocused = (page, selector) => page.locator(`${selector}:focus`).waitFor({ state: 'attached' });

/** The complaints at the top of a form, as they read. */
const complaints = (page) => page.locator('.errsum li').allInnerTexts();

describe('a customer who can’t call abroad', () => {
  test('walks the guide, reports the call with mistakes, corrects them and gets a ticket', async () => {
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
    const attached = page.locator('aside .trail').first();
    assert.match(await attached.innerText(), /Dokąd nie możesz zadzwonić\?\s+Za granicę/);
    assert.ok(await page.locator('[name=in_billing][value=yes]').isChecked(), 'the guide has asked that already');

    // everything wrong that can be
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20 i 22 555 03 40');
    await page.getByLabel('O której godzinie?').fill('25:10');
    await page.getByLabel('Jaki był komunikat').fill('„503” & <b>usługa</b>');
    await page.getByLabel('Co jeszcze warto wiedzieć?').fill('Wczoraj działało.\nDziś od rana ani razu.');
    await page.getByLabel('E-mail').fill('jan.nowak@');
    await press(page, 'Wyślij zgłoszenie');

    assert.equal(page.answer.status(), 422);
    assert.match(await page.title(), /^Błąd: /);
    assert.equal((await page.locator('.errsum h2').innerText()).replaceAll('\u00A0', ' '), 'Trzeba poprawić 4 rzeczy');
    const said = await complaints(page);
    assert.equal(said.length, 4, said.join('\n'));
    assert.match(said[0], /dwa numery/);
    assert.match(said[1], /^Wpisz wybierany numer/);
    assert.match(said[2], /25:10/);
    assert.match(said[3], /adres e.mail/);
    await isFocused(page, '.errsum');

    // each complaint leads to its field
    for (const field of ['caller', 'callee', 'time', 'email']) {
      await page.locator(`.errsum a[href="#${field}"]`).click();
      await page.locator(`#${field}:target`).waitFor();
      await isFocused(page, `#${field}`);
      assert.equal(await page.locator(`#${field}`).getAttribute('aria-invalid'), 'true');
      const described = (await page.locator(`#${field}`).getAttribute('aria-describedby')).split(' ');
      assert.ok(described.includes(`${field}-said`), `${field} is described by its complaint`);
      assert.match(await page.locator(`#${field}-said`).innerText(), /^Błąd:/);
    }

    // nothing that was typed is lost
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20 i 22 555 03 40');
    assert.equal(await page.locator('#time').inputValue(), '25:10');
    assert.equal(await page.locator('#email').inputValue(), 'jan.nowak@');
    assert.equal(await page.locator('#error_text').inputValue(), '„503” & <b>usługa</b>');
    assert.equal(await page.locator('#description').inputValue(), 'Wczoraj działało.\nDziś od rana ani razu.');
    assert.ok(await page.locator('[name=in_billing][value=yes]').isChecked());
    assert.match(await page.locator('aside .trail').first().innerText(), /Za granicę/, 'the answers stay attached');

    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20');
    await page.getByLabel('Na jaki numer?').fill('+44 20 8190 0322');
    await page.locator('label', { hasText: 'Przed chwilą' }).click();
    await page.getByLabel('E-mail').fill('jan.nowak@example.com');
    await press(page, 'Wyślij zgłoszenie');

    await page.waitForURL(/\/pl\/ticket\/DZ-\w{5}-\w{5}\?key=\w{26}$/);
    const reference = await page.locator('h1 .ref').innerText();
    assert.match(reference, /^DZ-[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    const told = await page.locator('main').innerText();
    for (const part of ['0044 20 8190 0322', 'Za granicę', '„503” & <b>usługa</b>', 'Dziś od rana', 'Przyjęte']) {
      assert.ok(told.includes(part), `the ticket tells ${part}`);
    }

    await page.reload();
    assert.equal(await page.locator('h1 .ref').innerText(), reference);
    assertQuiet(page);
  });

  test('comes back from the form to the step that led there', async () => {
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

  test('goes back to the form, sends it again, and it is the same ticket', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing');
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20');
    await page.getByLabel('Na jaki numer?').fill('0044 20 8190 0322');
    await page.locator('label', { hasText: 'Przed chwilą' }).click();
    await page.locator('label', { hasText: 'Nie ma go' }).click();
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

  test('an impatient second press counts once, and a changed one is added to the ticket', async () => {
    const page = await customer();
    const form = report({ description: 'Raz.' });
    const sent = () => page.request.post('/pl/report', { form, maxRedirects: 0 });
    const [one, two] = await Promise.all([sent(), sent()]);
    assert.equal(one.headers().location, two.headers().location);
    form.description = 'Drugi raz, z dopiskiem.';
    assert.equal((await sent()).headers().location, one.headers().location);
    await page.goto(one.headers().location);
    assert.match(await page.locator('.wire').innerText(), /Formularz przyszedł drugi raz/);
  });
});

describe('a form with mistakes', () => {
  test('asks for the date only where another day is chosen, and for no time just after the call', async () => {
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

  test('says what is missing, in the order of the fields, and repeats it beside each', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing');
    await press(page, 'Wyślij zgłoszenie');
    const links = await page.locator('.errsum a').evaluateAll((all) => all.map((link) => link.hash.slice(1)));
    assert.deepEqual(links, ['caller', 'callee', 'time', 'in_billing', 'email']);
    const said = await complaints(page);
    for (const [at, field] of links.entries()) {
      const beside = await page.locator(`#${field}-said`).innerText();
      assert.ok(beside.includes(said[at]), `${field}: the same words in the summary and beside the field`);
    }
    const tops = await page
      .locator('.wrong')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    assert.deepEqual(tops, tops.toSorted((a, b) => a - b), 'the summary follows the page');
    // one way to answer is enough
    await page.getByLabel('Telefon').fill('601 555 210');
    await press(page, 'Wyślij zgłoszenie');
    assert.equal(await page.locator('#email-said').count(), 0);
  });

  test('tells what it understood', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing');
    await page.getByLabel('Kto dzwonił?').fill('(22) 555-01-20');
    await page.getByLabel('Na jaki numer?').fill('+44 (0)20 8190 0322');
    await page.locator('label', { hasText: 'Wczoraj' }).click();
    await page.getByLabel('O której godzinie?').fill('około 14');
    await press(page, 'Wyślij zgłoszenie');
    assert.match(await page.locator('#caller-said').innerText(), /Rozumiemy: 22\u00A0555\u00A001\u00A020, .*Warszawa/);
    assert.match(await page.locator('#callee-said').innerText(), /0044\u00A020\u00A08190\u00A00322/);
    assert.match(await page.locator('#when-said').innerText(), /14:00/);
  });

  test('of another kind asks for other things', async () => {
    const page = await customer();
    await page.goto('/pl/report');
    await answer(page, 'Telefon lub aplikacja się nie loguje');
    assert.equal(await heading(page), 'Zgłoś konto, które się nie loguje');
    assert.equal(await page.locator('#caller, #callee, [name=day]:not([type=hidden])').count(), 0, 'no A and B');
    await page.getByLabel('Które konto SIP?').fill('12345-101');
    await page.getByLabel('Publiczny adres IP').fill('nie wiem');
    await page.getByLabel('E-mail').fill('jan@example.com');
    await press(page, 'Wyślij zgłoszenie');
    assert.deepEqual(await complaints(page), [
      'To nie jest adres IP. Wpisz na przykład 203.0.113.7 albo zostaw pole puste',
    ]);

    await page.goto('/pl/report');
    await answer(page, 'Słychać źle albo wcale');
    assert.equal(await page.locator('[name=symptom]').count(), 8, 'sound has a symptom');
    await press(page, 'Wyślij zgłoszenie');
    assert.ok((await complaints(page)).includes('Zaznacz, co było słychać'));
  });
});

describe('the guides', () => {
  test('have their whole state in the address: back, reload and a link lead to the same place', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing');
    await answer(page, 'Tak');
    const second = page.url();
    await answer(page, 'Za granicę');
    const third = page.url();
    const asked = await heading(page);
    await back(page);
    assert.equal(page.url(), second);
    assert.match(await heading(page), /Dokąd/);
    await page.goForward({ waitUntil: 'commit' });
    await page.reload();
    assert.equal(await heading(page), asked);

    const friend = await customer();
    await friend.goto(third);
    assert.equal(await heading(friend), asked);
    assert.match(await friend.locator('aside').innerText(), /Za granicę/, 'with the answers given so far');
    await friend.getByRole('link', { name: 'Wstecz' }).click();
    assert.equal(friend.url(), second);
  });

  test('let an answer be changed', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing/yes/abroad/right');
    await page.getByRole('link', { name: 'Zmień odpowiedź: Dokąd nie możesz zadzwonić?' }).click();
    assert.equal(path(page), '/pl/guide/outgoing/yes');
    await answer(page, 'Na numer w Polsce');
    assert.equal(path(page), '/pl/guide/outgoing/yes/poland');
    assert.match(await heading(page), /polski numer/);
  });

  test('lead from one to another, and to an end that says so', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing');
    await answer(page, 'Nie');
    assert.match(await page.locator('.where').innerText(), /nie loguje/);
    await page.goto('/pl/guide/outgoing/yes/abroad');
    await answer(page, 'Był źle zapisany, teraz działa');
    assert.equal(await heading(page), 'Dobrze, że już działa');
    await page.getByRole('link', { name: 'Jednak nie działa, zgłoś' }).click();
    assert.match(await page.locator('aside').innerText(), /Był źle zapisany/);
  });

  test('answer an impossible address with a page and a way on', async () => {
    const page = await customer();
    for (const address of ['/pl/guide/outgoing/maybe', '/pl/guide/fax', '/pl/guide/outgoing/yes/abroad/right/x']) {
      await page.goto(address);
      assert.equal(page.answer.status(), 404);
      assert.equal(await heading(page), 'Nie ma tu takiej strony');
    }
    await page.getByRole('main').getByRole('link', { name: 'Strona główna' }).click();
    assert.equal(path(page), '/pl');
    assertQuiet(page);
  });

  test('are on one page each, too, whose answers lead to their steps', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing?all');
    assert.equal(await page.locator('.steps > li').count(), 11);
    await page.locator('#destination .ends a').first().click();
    await page.locator('#number-poland:target').waitFor();
  });
});

describe('the other language', () => {
  const places = [
    '/pl/guide/outgoing/yes/abroad',
    '/pl/guide/audio?all',
    '/pl/report?category=outgoing&trail=outgoing/yes/abroad',
    '/pl/ticket',
    '/pl/check/address',
    '/pl/nothing-there',
  ];
  for (const place of places) {
    test(`keeps the visitor at ${place}`, async () => {
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

  test('takes along what was typed into a form with mistakes', async () => {
    const page = await customer();
    await page.goto('/pl/report?category=outgoing&trail=outgoing/yes/abroad');
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 20');
    await press(page, 'Wyślij zgłoszenie');
    await page.getByRole('link', { name: 'English' }).click();
    await press(page, 'Show this form in English');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20');
    assert.match(await page.title(), /^Error:/);
    assert.match(await page.locator('aside .trail').first().innerText(), /Where can't you call|abroad/i);
    assert.equal(await page.locator('[name=category]').inputValue(), 'outgoing');
  });
});

describe('a ticket', () => {
  test('is found by its reference and key as they are copied from paper', async () => {
    const page = await customer();
    const sent = await page.request.post('/pl/report', { form: report(), maxRedirects: 0 });
    await page.goto(sent.headers().location);
    const reference = await page.locator('h1 .ref').innerText();
    const key = await page.locator('.keep .code').innerText();
    await page.goto('/pl/ticket');
    await page.locator('#reference').fill(reference.toLowerCase().replaceAll('-', ' '));
    await page.getByLabel('Kod dostępu').fill(key.toLowerCase());
    await press(page, 'Pokaż zgłoszenie');
    assert.equal(await page.locator('h1 .ref').innerText(), reference);
  });

  test('stays closed to everybody else, in the same words as one that is not there', async () => {
    const page = await customer();
    const sent = await page.request.post('/pl/report', { form: report(), maxRedirects: 0 });
    const [address] = sent.headers().location.split('?');
    const words = [];
    for (const guess of [`${address}?key=0`, address, '/pl/ticket/DZ-00000-00000?key=0']) {
      await page.goto(guess);
      assert.equal(page.answer.status(), 404);
      words.push(await page.locator('.errsum').innerText());
    }
    assert.deepEqual(new Set(words).size, 1, words.join('\n'));
  });

  test('with a slip of the pen in its reference is told so', async () => {
    const page = await customer();
    await page.goto('/pl/ticket');
    await page.locator('#reference').fill('DZ-00000-00001');
    await press(page, 'Pokaż zgłoszenie');
    assert.equal(page.answer.status(), 422);
    const said = await complaints(page);
    assert.equal(said.length, 2);
    assert.match(said[1], /Wpisz kod dostępu/);
    await isFocused(page, '.errsum');
    assert.equal(await page.locator('#reference').inputValue(), 'DZ-00000-00001', 'what was typed stays');
  });
});

describe('after the report', () => {
  /** A ticket's page. */
  async function reported(more) {
    const page = await customer();
    const sent = await page.request.post('/pl/report', { form: report(more), maxRedirects: 0 });
    await page.goto(sent.headers().location);
    return { page, address: sent.headers().location };
  }

  test('one question is answered, another call is told of, and it works', async () => {
    const { page, address } = await reported({ precision: '30min', day: 'today', time: '0:00' });
    assert.match(await page.locator('.findable').innerText(), /Brakujące dane: dokładna godzina/);
    assert.match(await page.locator('.next').innerText(), /Odpowiemy/);
    await ask(page, address, 'time');
    await page.reload();
    await page.getByRole('link', { name: 'Odpowiedz' }).click();
    assert.match(await heading(page), /której dokładnie/);
    await page.getByLabel('O której godzinie?').fill('25:10');
    await press(page, 'Wyślij odpowiedź');
    assert.equal(page.answer.status(), 422);
    await isFocused(page, '.errsum');
    await page.locator('label', { hasText: 'Wczoraj' }).click();
    await page.getByLabel('O której godzinie?').fill('14:05');
    await press(page, 'Wyślij odpowiedź');
    await page.waitForURL('**said=answer**');
    assert.match(await page.locator('#said').innerText(), /odpowiedź jest/);
    assert.equal(await page.locator('.question').count(), 0);
    assert.match(await page.locator('.findable').innerText(), /Mamy wszystko/);

    await page.getByRole('link', { name: 'Dodaj przykład połączenia' }).click();
    await page.getByLabel('Kto dzwonił?').fill('22 555 01 21');
    await page.getByLabel('Na jaki numer?').fill('22 122 80 22, 601 555 210');
    await page.locator('label', { hasText: 'Wczoraj' }).click();
    await page.getByLabel('O której godzinie?').fill('9:15');
    await press(page, 'Dodaj przykład');
    assert.equal(page.answer.status(), 422);
    assert.equal(await page.getByLabel('Kto dzwonił?').inputValue(), '22 555 01 21');
    await page.getByLabel('Na jaki numer?').fill('601 555 210');
    await press(page, 'Dodaj przykład');
    await page.waitForURL('**said=example**');
    assert.match(await page.locator('.examples').innerText(), /22 555 01 21/);

    await page.getByLabel('Co się zmieniło').fill('Od 15:00 jest cisza.');
    await press(page, 'Wyślij wiadomość');
    await page.waitForURL('**said=message**');
    assert.match(await page.locator('.wire').innerText(), /Od 15:00 jest cisza\./);
    await press(page, 'Już działa');
    await page.waitForURL('**said=works**');
    assert.equal(await page.locator('.status .tag').innerText(), 'Rozwiązane');
    await press(page, 'Nadal nie działa');
    await page.waitForURL('**said=fails**');
    assert.notEqual(await page.locator('.status .tag').innerText(), 'Rozwiązane');
    assertQuiet(page);
  });

  test('a new link takes the place of the old one', async () => {
    const { page, address } = await reported();
    await page.locator('summary', { hasText: 'Ktoś obcy' }).click();
    await press(page, 'Zrób nowy link');
    await page.waitForURL('**said=link**');
    assert.match(await page.locator('#said').innerText(), /nowy link/);
    await page.locator('summary', { hasText: 'innym urządzeniu' }).click();
    assert.ok(await page.getByRole('img', { name: /Kod QR/ }).isVisible());
    for (const path of ['', '/answer/time', '/example']) {
      await page.goto(below(address, path));
      assert.equal(page.answer.status(), 404);
    }
    await page.locator('#email').fill('jan.nowak@example.com');
    await press(page, 'Wyślij mi link');
    assert.equal(await heading(page), 'Sprawdź pocztę');
    assertQuiet(page);
  });
});
