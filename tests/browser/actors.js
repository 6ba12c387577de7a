// Actions that many tests share: sending a report, signing in, acting on a ticket as staff.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { request } from 'playwright-core';

import { openPage } from './browser.js';
import { DEMO } from './server.js';

/** A valid report. */
export function validReport(more = {}) {
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

/** Very long values, which must not widen a page. */
export const LONG_VALUES = {
  email: LONG_ADDRESS,
  error_text: 'abonent czasowo niedostępny '.repeat(30).trim(),
  description: 'x'.repeat(5000),
};
export const ACCOUNT_REPORT = {
  ...LONG_VALUES,
  category: 'logged-out',
  account: '12345-101',
  device: 'Yealink'.padEnd(200, 'W'),
  public_ip: '2001:db8:1234:5678:9abc:def0:1234:5678',
  trail: 'logged-out',
};

/** Sends a report as the form would; returns the address of its ticket, with the access key. */
export async function sendReport(page, lang = 'pl', more = {}) {
  const answer = await page.request.post(`/${lang}/report`, { form: validReport(more), maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  return answer.headers().location;
}

export const referenceIn = (address) => /DZ-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(address)[0];

/** An address below that of a ticket, with the access key. */
export const subPath = (address, path) => address.replace('?', `${path}?`);

export async function signIn(page, { email, password } = DEMO) {
  await page.goto('/staff/login');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('form[action="/staff/login"] button').click();
  await page.waitForURL('**/staff');
}

/** Opens a page that is signed in as the demo user, without going through the sign-in form. */
export async function signedInPage(browser, url, options) {
  const page = await openPage(browser, url, options);
  const { email, password } = DEMO;
  const answer = await page.request.post('/staff/login', { form: { email, password }, maxRedirects: 0 });
  assert.equal(answer.status(), 303);
  return page;
}

/** Switches the staff pages to a language. */
export async function setLanguage(page, lang) {
  await page.goto('/staff');
  const button = page.locator(`button[name=lang][value=${lang}]`);
  if (await button.count()) {
    await page.locator('.account-menu summary').click();
    await button.click();
    await page.locator(`html[lang=${lang}]`).waitFor();
  }
}

/** The path of a one-time link for a staff member, created on the accounts page. */
export async function invitationLink(page, name) {
  await page.goto('/staff/accounts');
  await page.locator('tr', { hasText: name }).locator('form[action$="/link"] button').click();
  return new URL(await page.locator('code.copyable-link').innerText()).pathname;
}

/** Opens a page signed in as a staff member who has just set a password. */
export async function createColleague(browser, url, admin, name, options) {
  const page = await openPage(browser, url, options);
  await page.goto(await invitationLink(admin, name));
  await page.getByLabel('Nowe hasło').fill('pociąg do pracy 7:40');
  await page.getByRole('button', { name: 'Ustaw hasło i zaloguj' }).click();
  await page.waitForURL('**/staff');
  return page;
}

/** Blocks an address as staff, unless it is blocked already. */
export async function blockAddress(page, net, reason = 'wrong-password') {
  const baseURL = new URL((await page.request.get('/healthz')).url()).origin;
  const desk = await request.newContext({ baseURL });
  await desk.post('/staff/login', { form: { email: DEMO.email, password: DEMO.password } });
  await desk.post('/staff/blocklist', { form: { net, reason, duration: 'week', note: LONG_VALUES.error_text.slice(0, 490) } });
  await desk.dispose();
}

/** Requests a call detail from the customer of a ticket, as staff. */
export async function requestDetail(page, address, detail) {
  const { origin } = new URL((await page.request.get('/healthz')).url());
  const desk = await signedInPage(page.context().browser(), origin);
  await performAction(desk, referenceIn(address), 'detail-requests', { detail });
  await desk.context().close();
}

/** Performs an action on the current version of a ticket. */
export async function performAction(page, reference, resource, fields) {
  const html = await (await page.request.get(`/staff/tickets/${reference}`)).text();
  const [, version] = /name="version" value="(\d+)"/.exec(html);
  await submitCustomForm(page, `/staff/tickets/${reference}/${resource}`, { version, ...fields });
}

/** Submits a form that is on no page, as a browser would. */
export async function submitCustomForm(page, path, fields) {
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
