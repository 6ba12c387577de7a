// E-mails to customers: from the report to its resolution by the links in them, and incident subscriptions.

import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';

import { assertNoBrowserErrors, axeViolations, horizontalOverflow, htmlErrors, openPage } from './browser.js';
import { referenceIn, signedInPage } from './actors.js';
import { startMailServer } from './smtp.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

let mail;
const emails = [];
let onEmail = () => {};

async function serverWithMail() {
  mail = await startMailServer({
    onEvent: ({ message }) => {
      if (!message) return;
      emails.push(message);
      onEmail();
    },
  });
  return { settings: { DZWONI_SMTP_URL: `smtp://127.0.0.1:${mail.port}` } };
}

useFixtures({ serverOptions: serverWithMail });
afterEach(closeAllPages);
after(() => mail?.stop());

/** Waits for the next e-mail to an address; returns its subject, text and link. */
async function emailTo(address) {
  for (;;) {
    const at = emails.findIndex(({ to }) => to.includes(address));
    if (at >= 0) return parseEmail(emails.splice(at, 1)[0].text);
    await new Promise((resolve) => (onEmail = resolve));
  }
}

/** Decodes an e-mail in the encodings that the portal uses (RFC 2045, RFC 2047). */
function parseEmail(raw) {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' ');
  const header = (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
  const word = (_, text) => Buffer.from(text, 'base64').toString();
  const subject = header('Subject').replaceAll(/\?= =\?/g, '?==?').replaceAll(/=\?utf-8\?b\?([^?]*)\?=/gi, word);
  const body = raw.slice(end + 4);
  const bytes = body.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  const code = header('Content-Transfer-Encoding');
  const text = code === 'base64' ? Buffer.from(body, 'base64') : code === '7bit' ? body : Buffer.from(bytes, 'latin1');
  const link = /http:\/\/127\.0\.0\.1:\d+(\/\S+)/.exec(text.toString())?.[1];
  return { subject, text: text.toString(), link };
}

test('a customer follows a report from receipt to resolution by e-mail', async () => {
  const address = 'klientka@example.org';
  // a phone without JavaScript
  const page = await openPage(browser, portal.url, { width: 360, height: 740, js: false });
  await page.goto('/pl/report?category=outgoing');
  await page.locator('#caller').fill('22 555 01 20');
  await page.locator('#callee').fill('0044 20 8190 0322');
  await page.locator('[name=day][value=now]').check();
  await page.locator('[name=in_billing][value=yes]').check();
  await page.locator('#email').fill(address);
  await page.locator('main form .btn').last().click();
  await page.waitForURL('**/ticket/**');
  const reference = referenceIn(page.url());

  const received = await emailTo(address);
  assert.equal(received.subject, `Przyjęliśmy zgłoszenie ${reference}`);
  assert.equal(received.link, new URL(page.url()).pathname + new URL(page.url()).search);

  const desk = await signedInPage(browser, portal.url);
  await desk.goto(`/staff/tickets/${reference}`);
  await desk.locator('#text').fill('Proszę o jeszcze jeden przykład.');
  await desk.getByRole('button', { name: `Wyślij do ${address}` }).click();
  await desk.locator('.message.outgoing').waitFor();

  const answered = await emailTo(address);
  assert.equal(answered.subject, `Odpowiedź na zgłoszenie ${reference}`);
  assert.match(answered.text, /Proszę o jeszcze jeden przykład\./);

  // at the computer, where the mailbox is
  const computer = await openPage(browser, portal.url);
  await computer.goto(answered.link);
  await computer.getByText('Proszę o jeszcze jeden przykład.').waitFor();
  await computer.locator('a.btn[href*="/example"]').click();
  await computer.locator('#caller').fill('22 555 01 21');
  await computer.locator('#callee').fill('0049 30 5550 1700');
  await computer.locator('[name=day][value=now]').check();
  await computer.locator('main form .btn').last().click();
  await computer.locator('.examples').getByText('22 555 01 21').waitFor();

  await desk.goto(`/staff/tickets/${reference}`);
  await desk.getByText('22 555 01 21').first().waitFor();
  await desk.locator('#text').fill('Naprawione u operatora.');
  await desk.locator('#compose .btn.positive').click();
  await desk.waitForURL('**/staff/**');

  const resolved = await emailTo(address);
  assert.equal(resolved.subject, `Rozwiązane: zgłoszenie ${reference}`);
  assert.match(resolved.text, /Naprawione u operatora\./);
  await page.goto(resolved.link);
  await page.locator('.status').getByText('Rozwiązane').waitFor();
  assert.equal(emails.length, 0, 'no other e-mail was sent');
  // what staff see of it
  await desk.goto(`/staff/tickets/${reference}`);
  assert.equal(await desk.locator('[aria-labelledby=emails] .tag.ok').count(), 3);
  for (const one of [page, computer, desk]) assertNoBrowserErrors(one);
});

/** Audits a page that only an e-mail links to; the others are in `pages-*.test.js`. */
async function auditPage(page) {
  assert.deepEqual(await htmlErrors(page), []);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    assert.deepEqual(await axeViolations(page), [], `axe-core at ${width}`);
    assert.equal(await horizontalOverflow(page), 0, `scrolls horizontally at ${width}`);
  }
}

test('a visitor subscribes to an incident and unsubscribes', async () => {
  const address = 'ciekawa@example.org';
  const page = await openPage(browser, portal.url, { width: 360, height: 740, js: false });
  await page.goto('/pl/incidents');
  await page.locator('main a', { hasText: 'Francji' }).first().click();
  await page.locator('form[action$="/join"] .btn').click();
  await page.locator('#email').fill(address);
  await page.locator('form[action$="/follow"] .btn').click();
  await page.locator('#subscription-requested').waitFor();

  const confirmation = await emailTo(address);
  assert.equal(confirmation.subject, 'Potwierdź adres: Połączenia do Francji i Czech');
  const computer = await openPage(browser, portal.url);
  await computer.goto(confirmation.link);
  await auditPage(computer);
  await computer.getByRole('button', { name: 'Tak, piszcie do mnie' }).click();
  await computer.getByRole('heading', { name: 'Piszemy do Ciebie' }).waitFor();
  await auditPage(computer);

  const desk = await signedInPage(browser, portal.url);
  await desk.goto('/staff/incidents');
  await desk.locator('.entry-list a', { hasText: 'Francji' }).first().click();
  await desk.locator('#text_pl').fill('Czechy też już działają.');
  await desk.locator('#text_en').fill('Czechia works by now, too.');
  await desk.locator('form[action$="/updates"] .btn').first().click();
  await desk.getByText(/Obserwują e.mailem/).waitFor();

  const update = await emailTo(address);
  assert.match(update.text, /Czechy też już działają\./);
  const [link] = /\/pl\/follow\/\S+/.exec(update.text);
  await computer.goto(link);
  await computer.getByRole('button', { name: 'Nie piszcie więcej' }).click();
  await computer.getByRole('heading', { name: 'Nie piszemy do Ciebie' }).waitFor();
  await auditPage(computer);
  for (const one of [page, computer, desk]) assertNoBrowserErrors(one);
});
