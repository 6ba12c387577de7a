// The self-service checks of customers, and attaching their results to a report.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, openPage } from './browser.js';
import { blockAddress } from './actors.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

useFixtures();
afterEach(closeAllPages);

/** Opens a page on a small phone without JavaScript. */
const customer = () => openPage(browser, portal.url, { width: 360, height: 740, js: false });

const link = (page, name) => page.getByRole('link', { name, exact: true }).click();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.locator('h1').innerText();
const path = (page) => new URL(page.url()).pathname;

describe('checks without JavaScript', () => {
  test('a number checked inside a guide step is attached to the ticket', async () => {
    const page = await customer();
    await page.goto('/pl/guide/outgoing/yes/abroad');
    await page.getByLabel('Numer, na który dzwonisz').fill('+44 (0)20 8190 0322');
    await press(page, 'Sprawdź');
    assert.equal(path(page), '/pl/guide/outgoing/yes/abroad', 'the guide stays on its step');
    assert.match(await page.locator('.result').innerText(), /Wybierz:\s+0044 20 8190 0322/);
    await page.locator('.answer', { hasText: 'Jest wybrany dobrze' }).click();
    await link(page, 'Zgłoś problem już teraz');

    const attached = page.locator('.aside .check-results');
    assert.match((await attached.innerText()).replaceAll('\u00A0', ' '), /Zamiast „\+44 \(0\)20 8190 0322” wybierz: 0044 20 8190 0322/);
    await page.locator('#caller').fill('22 555 01 20');
    await page.locator('#callee').fill('0044 20 8190 0322');
    await page.getByLabel('Przed chwilą').check();
    await page.locator('[name=in_billing][value=yes]').check();
    await page.locator('#email').fill('jan.nowak@example.com');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    assert.match(await page.locator('main').innerText(), /Wyniki sprawdzeń[^]+Zamiast „\+44/);
    assertNoBrowserErrors(page);
  });

  test('removing an attached result keeps the other form values', async () => {
    const page = await customer();
    await page.goto('/pl/check/lamps');
    await page.getByRole('radio', { name: /^Czerwona/ }).check();
    await press(page, 'Co to znaczy?');
    assert.match(await heading(page), /Czerwona lampka: łącze bardzo się spóźnia/);
    await link(page, 'Zgłoś problem z tym wynikiem');
    await page.locator('#caller').fill('22 555 01 20');
    await page.getByRole('button', { name: /^Nie dołączaj/ }).click();
    assert.equal(await page.locator('.check-results').count(), 0);
    assert.equal(await page.locator('#caller').inputValue(), '22 555 01 20');
    assert.equal(await page.locator('.field-error').count(), 0, 'no errors on fields that are not submitted yet');
    assertNoBrowserErrors(page);
  });

  test('an empty check focuses the field that is missing', async () => {
    const page = await customer();
    await page.goto('/pl/check/lamps');
    await press(page, 'Co to znaczy?');
    await page.getByText('Wybierz lampkę, którą widzisz').waitFor();
    await page.locator('[name=lamp]:focus').first().waitFor();
    await page.goto('/pl/check/message');
    await press(page, await page.locator('.lookup-form button').innerText());
    await page.locator('#text[aria-invalid]:focus').waitFor();
    assertNoBrowserErrors(page);
  });

  test('a check that needs scripts hides its instructions without them', async () => {
    const page = await customer();
    for (const check of ['link', 'sound']) {
      await page.goto(`/pl/check/${check}`);
      assert.equal(await page.locator('.aside').isVisible(), false, check);
    }
    assertNoBrowserErrors(page);
  });

  test('a customer lifts the block of their address and continues the guide with both results', async () => {
    const page = await customer();
    await blockAddress(page, '127.0.0.1');
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
    assert.equal(await page.locator('.aside .check-results > li').count(), 2);
    await page.locator('#account').fill('12345-101');
    await page.locator('#email').fill('jan.nowak@example.com');
    await press(page, 'Wyślij zgłoszenie');
    await page.waitForURL('**/ticket/**');
    assert.match(await page.locator('main').innerText(), /jest zablokowany do[^]+nie jest już zablokowany/);

    // blocked again: a device still has the wrong password
    await blockAddress(page, '127.0.0.1');
    await page.goto('/pl/check/address');
    assert.match(await page.locator('main').innerText(), /Blokadę\sz\stego adresu można zdjąć ponownie od/);
    assert.equal(await page.getByRole('button', { name: /zdejmij blokadę/ }).count(), 0);
    assertNoBrowserErrors(page);
  });

  test('the message field on the home page leads to the explanation', async () => {
    const page = await customer();
    await page.goto('/pl');
    await page.locator('#text').fill('abonent czasowo niedostępny');
    await press(page, 'Co to znaczy?');
    assert.equal(await heading(page), 'Abonent chwilowo niedostępny');
    assertNoBrowserErrors(page);
  });
});

describe('message hints while typing', () => {
  test('the home page explains a known message and clears the hint for an unknown one', async () => {
    const page = await openPage(browser, portal.url);
    await page.goto('/pl');
    const meaning = page.locator('#message-meaning');
    await page.locator('#text').pressSequentially('brak srodkow');
    await meaning.getByText('Brak środków albo usługa wstrzymana').waitFor();
    assert.equal(await meaning.getAttribute('role'), 'status');
    await page.locator('#text').fill('486');
    await meaning.getByText('Zajęte').waitFor();
    await page.locator('#text').fill('xyz');
    await meaning.locator('.understood').waitFor({ state: 'detached' });
    assertNoBrowserErrors(page);
  });

  test('the report form explains the message beside its field, also one prefilled by the address', async () => {
    const page = await openPage(browser, portal.url);
    await page.goto('/en/report?category=outgoing&error_text=503');
    await page.locator('#error_text-live').getByText('Service unavailable, or no free lines').waitFor();
    await page.locator('#error_text').fill('Busy here');
    await page.locator('#error_text-live').getByText('Busy.').waitFor();
    await page.locator('#error_text-live').getByRole('link').click();
    assert.equal(path(page), '/en/check/message/busy');
    assertNoBrowserErrors(page);
  });

  test('the form still works when the hint request fails', async () => {
    const page = await openPage(browser, portal.url);
    await page.goto('/pl');
    await page.context().setOffline(true);
    await page.locator('#text').fill('403');
    await page.waitForRequest('**/hint?text=403');
    await page.context().setOffline(false);
    await press(page, 'Co to znaczy?');
    assert.equal(await heading(page), 'Połączenie zabronione');
  });
});
