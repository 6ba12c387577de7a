// What people do again and again: report a call, sign in, press a button of the desk.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { request } from 'playwright-core';

import { visitor } from './browser.js';
import { DEMO } from './server.js';

/** A report that is right. */
export function report(more = {}) {
  return {
    submission: randomUUID(),
    category: 'outgoing',
    caller: '22 555 01 20',
    callee: '0044 20 8190 0322',
    day: 'now',
    in_billing: 'yes',
    error_text: '503 Service Unavailable',
    service: 'virtual-pbx',
    description: 'Wczoraj jeszcze działało.',
    email: 'jan.nowak@example.com',
    trail: 'outgoing/yes/abroad/right/on/on/right/right/yes',
    ...more,
  };
}

export const LONG_ADDRESS = `${'a'.repeat(60)}@a-domain-with-a-very-long-name.example.com`;

/** What people paste: words without end must not push a page out of its frame. */
export const LONG = {
  email: LONG_ADDRESS,
  error_text: 'abonent czasowo niedostępny '.repeat(30).trim(),
  description: 'x'.repeat(5000),
};
export const ACCOUNT = {
  ...LONG,
  category: 'logged-out',
  account: '12345-101',
  device: 'Yealink'.padEnd(200, 'W'),
  public_ip: '2001:db8:1234:5678:9abc:def0:1234:5678',
  trail: 'logged-out',
};

/** Sends a report as a form would; gives the address of its ticket, with the key. */
export async function send(page, lang = 'pl', more = {}) {
  const answer = await page.request.post(`/${lang}/report`, { form: report(more), maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  return answer.headers().location;
}

export const referenceIn = (address) => /DZ-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(address)[0];

/** An address below a ticket's, with its key. */
export const below = (address, path) => address.replace('?', `${path}?`);

export async function signIn(page, { email, password } = DEMO) {
  await page.goto('/staff/login');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('form[action="/staff/login"] button').click();
  await page.waitForURL('**/staff');
}

/** Somebody signed in, with a page of their own, which shows nothing yet. The form has stories of its own. */
export async function atTheDesk(browser, url, options) {
  const page = await visitor(browser, url, options);
  const { email, password } = DEMO;
  const answer = await page.request.post('/staff/login', { form: { email, password }, maxRedirects: 0 });
  assert.equal(answer.status(), 303);
  return page;
}

/** Switches the desk to a language, the way staff do. */
export async function speak(page, lang) {
  await page.goto('/staff');
  const button = page.locator(`button[name=lang][value=${lang}]`);
  if (await button.count()) {
    await page.locator('.me summary').click();
    await button.click();
    await page.locator(`html[lang=${lang}]`).waitFor();
  }
}

/** A one-time link for a colleague, made on the accounts page. */
export async function invitation(page, name) {
  await page.goto('/staff/accounts');
  await page.locator('tr', { hasText: name }).locator('form[action$="/link"] button').click();
  return new URL(await page.locator('code.link').innerText()).pathname;
}

/** Somebody who has just been given an account, signed in, with a page of their own. */
export async function colleague(browser, url, admin, name, options) {
  const page = await visitor(browser, url, options);
  await page.goto(await invitation(admin, name));
  await page.getByLabel('Nowe hasło').fill('pociąg do pracy 7:40');
  await page.getByRole('button', { name: 'Ustaw hasło i zaloguj' }).click();
  await page.waitForURL('**/staff');
  return page;
}

/** Somebody at the desk blocks an address, if it isn't blocked. */
export async function block(page, net, reason = 'wrong-password') {
  const baseURL = new URL((await page.request.get('/healthz')).url()).origin;
  const desk = await request.newContext({ baseURL });
  await desk.post('/staff/login', { form: { email: DEMO.email, password: DEMO.password } });
  await desk.post('/staff/addresses', { form: { net, reason, lasts: 'week', note: LONG.error_text.slice(0, 490) } });
  await desk.dispose();
}

/** Has staff ask the customer of a ticket for a piece of the call. */
export async function ask(page, address, piece) {
  const { origin } = new URL((await page.request.get('/healthz')).url());
  const desk = await atTheDesk(page.context().browser(), origin);
  await act(desk, referenceIn(address), 'questions', { piece });
  await desk.context().close();
}

/** Does something to a ticket as it is now. */
export async function act(page, reference, verb, fields) {
  const html = await (await page.request.get(`/staff/tickets/${reference}`)).text();
  const [, version] = /name="version" value="(\d+)"/.exec(html);
  await sent(page, `/staff/tickets/${reference}/${verb}`, { version, ...fields });
}

/** Sends a form that the page does not have, as a browser would. */
export async function sent(page, path, fields) {
  await page.goto('/staff?view=spam');
  await page.evaluate(
    ([action, all]) => {
      const form = document.createElement('form');
      Object.assign(form, { action, method: 'post' });
      for (const [name, value] of Object.entries(all)) {
        form.append(Object.assign(document.createElement('input'), { name, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [path, fields],
  );
  await page.waitForURL((url) => url.pathname !== '/staff' || url.search !== '?view=spam');
}
