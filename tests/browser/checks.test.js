// Customers who check something by themselves, and whose results go with the report.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertQuiet, visitor } from './browser.js';
import { block } from './people.js';
import { browser, everybodyLeaves, portal, stage } from './stage.js';

stage();
afterEach(everybodyLeaves);

/** A customer with a small telephone and no JavaScript. */
const customer = () => visitor(browser, portal.url, { width: 360, height: 740, js: false });

const link = (page, name) => page.getByRole('link', { name, exact: true }).click();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;

describe('without JavaScript', () => {
  test('a number is checked within its step, and the result reaches the ticket', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing/yes/abroad');
    await page.getByLabel('Numer, na który dzwonisz').fill('+44 (0)20 8190 0322');
    await press(page, 'Sprawdź');
    assert.equal(path(page), '/pl/guide/outgoing/yes/abroad', 'the walk stays where it is');
    assert.match(await page.locator('.result').innerText(), /Wybierz:\s+0044 20 8190 0322/);
    await page.locator('.answer', { hasText: 'Jest wybrany dobrze' }).click();
    await link(page, 'Zgłoś problem już teraz');

    const attached = page.locator('.aside .found');
    assert.match((await attached.innerText()).replaceAll('\u00A0', ' '), /Zamiast „\+44 \(0\)20 8190 0322” wybierz: 0044 20 8190 0322/);
    await page.locator('#caller').fill('22 555 01 20');
    await page.locator('#callee').fill('0044 20 8190 0322');
    await page.getByLabel('Przed chwilą').check();
    await page.locator('[name=in_billing][value=yes]').check();
    await page.locator('#email').fill('jan.nowak@example.com');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    assert.match(await page.locator('main').innerText(), /Wyniki sprawdzeń[^]+Zamiast „\+44/);
    assertQuiet(page);
  });

  test('a result that is not to be attached is left out, and what was typed stays', async () => {
    const page = await customer();
    await page.goto('/pl/check/lamps');
    await page.getByRole('radio', { name: /^Czerwona/ }).check();
    await press(page, 'Co to znaczy?');
    assert.match(await heading(page), /Czerwona lampka: łącze bardzo się spóźnia/);
    await link(page, 'Zgłoś problem z tym wynikiem');
    await page.locator('#caller').fill('22 555 01 20');
    await page.getByRole('button', { name: /^Nie dołączaj/ }).click();
    assert.equal(await page.locator('.found').count(), 0);
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20');
    assert.equal(await page.locator('.wrong').count(), 0, 'nobody is blamed for fields that come later');
    assertQuiet(page);
  });

  test('a check that was asked nothing puts the cursor where the answer belongs', async () => {
    const page = await customer();
    await page.goto('/pl/check/lamps');
    await press(page, 'Co to znaczy?');
    await page.getByText('Wybierz lampkę, którą widzisz').waitFor();
    await page.locator('[name=lamp]:focus').first().waitFor();
    await page.goto('/pl/check/message');
    await press(page, await page.locator('.asking button').innerText());
    await page.locator('#text[aria-invalid]:focus').waitFor();
    assertQuiet(page);
  });

  test('a check that needs scripts says nothing about how it goes', async () => {
    const page = await customer();
    for (const check of ['link', 'sound']) {
      await page.goto(`/pl/check/${check}`);
      assert.equal(await page.locator('.aside').isVisible(), false, check);
    }
    assertQuiet(page);
  });

  test('who has put the password right lifts the block, and the walk goes on with both results', async () => {
    const page = await customer();
    await block(page, '127.0.0.1');
    await page.goto('/pl/guide/logged-out/yes/yes/no/right');
    await link(page, 'Sprawdź mój adres IP');
    assert.match(await heading(page), /^Adres 127\.0\.0\.1 jest zablokowany do /);
    assert.match(await page.locator('main').innerText(), /wiele logowań ze złym hasłem[^]+Najpierw znajdź przyczynę/);
    await press(page, 'Hasła są poprawione, zdejmij blokadę');
    assert.match(await heading(page), /^Adres 127\.0\.0\.1 nie jest już zablokowany/);
    await link(page, 'Wróć do poradnika z tym wynikiem');
    assert.equal(path(page), '/pl/guide/logged-out/yes/yes/no/right');
    await page.locator('.answer', { hasText: 'Tak, jest zablokowany' }).click();
    await page.locator('.answer', { hasText: 'Nie albo blokady nie można tam zdjąć' }).click();
    assert.equal(await page.locator('.aside .found > li').count(), 2);
    await page.locator('#account').fill('12345-101');
    await page.locator('#email').fill('jan.nowak@example.com');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    assert.match(await page.locator('main').innerText(), /jest zablokowany do[^]+nie jest już zablokowany/);

    // it came back: a device still has the wrong password
    await block(page, '127.0.0.1');
    await page.goto('/pl/check/address');
    assert.match(await page.locator('main').innerText(), /Blokadę\sz\stego adresu można zdjąć ponownie od/);
    assert.equal(await page.getByRole('button', { name: /zdejmij blokadę/ }).count(), 0);
    assertQuiet(page);
  });

  test('the box on the home page explains a message', async () => {
    const page = await customer();
    await page.goto('/pl');
    await page.locator('#text').fill('abonent czasowo niedostępny');
    await press(page, 'Co to znaczy?');
    assert.equal(await heading(page), 'Abonent chwilowo niedostępny');
    assertQuiet(page);
  });
});

describe('while one types', () => {
  test('the home page says what a message means, and takes it back when the text says nothing', async () => {
    const page = await visitor(browser, portal.url);
    await page.goto('/pl');
    const said = page.locator('#said');
    await page.locator('#text').pressSequentially('brak srodkow');
    await said.getByText('Brak środków albo usługa wstrzymana').waitFor();
    assert.equal(await said.getAttribute('role'), 'status');
    await page.locator('#text').fill('486');
    await said.getByText('Zajęte').waitFor();
    await page.locator('#text').fill('xyz');
    await said.locator('.echo').waitFor({ state: 'detached' });
    assertQuiet(page);
  });

  test('the report form says it beside its field, and what came with the address at once', async () => {
    const page = await visitor(browser, portal.url);
    await page.goto('/en/report?category=outgoing&error_text=503');
    await page.locator('#error_text-live').getByText('Service unavailable, or no free lines').waitFor();
    await page.locator('#error_text').fill('Busy here');
    await page.locator('#error_text-live').getByText('Busy.').waitFor();
    await page.locator('#error_text-live').getByRole('link').click();
    assert.equal(path(page), '/en/check/message/busy');
    assertQuiet(page);
  });

  test('an answer that can’t be fetched is no trouble to the form', async () => {
    const page = await visitor(browser, portal.url);
    await page.goto('/pl');
    await page.context().setOffline(true);
    await page.locator('#text').fill('403');
    await page.waitForRequest('**/said?text=403');
    await page.context().setOffline(false);
    await press(page, 'Co to znaczy?');
    assert.equal(await heading(page), 'Połączenie zabronione');
  });
});
