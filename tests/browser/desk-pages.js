// Every staff page, and how to open it.

import { randomUUID } from 'node:crypto';

import { ACCOUNT_REPORT, LONG_VALUES, blockAddress, performAction, referenceIn, sendReport, submitCustomForm } from './actors.js';
import { INBOUND_MAIL, publishedIncidents, submitForm, visit } from './scenarios.js';

/** Opens the list of inbound mail once all of it has arrived. */
async function inboundMail(at, query = '') {
  for (let tries = 0; tries < 100; tries += 1) {
    await at.goto('/staff/inbox');
    if ((await at.locator('.inbound-mail-list li').count()) >= INBOUND_MAIL.length) break;
  }
  await at.goto(`/staff/inbox${query}`);
}

/** Opens the ticket created from an e-mail. */
async function ticketFromEmail(at) {
  await inboundMail(at, '?disposition=ticket');
  await at.locator('.inbound-mail-list li', { hasText: 'Nie mogę zadzwonić' }).locator('a.num').click();
  await at.waitForURL('**/staff/tickets/*');
}

async function firstIncident(page) {
  await page.goto('/staff/incidents');
  return page.locator('.entry-list a', { hasText: 'Brytanii' }).first().getAttribute('href');
}

/** All staff pages, for a page that is signed in, in its chosen language. */
export async function deskPages(page, link) {
  await publishedIncidents(page);
  const talked = referenceIn(await sendReport(page));
  const account = referenceIn(await sendReport(page, 'pl', ACCOUNT_REPORT));
  return {
    'queue': visit('/staff?view=all'),
    'queue: filtered': visit('/staff?view=new&category=audio&sort=call'),
    'queue: empty': visit('/staff?view=waiting&assignee=none'),
    'queue: nothing found': visit('/staff?q=nobody@example.org'),
    'queue: unreadable': visit('/staff?q=%3F%3F'),
    'queue: no such ticket': visit('/staff?q=DZ-00000-00000'),
    'ticket': async (at) => {
      await at.goto(`/staff/tickets/${talked}`);
      for (const [kind, button] of [['note', '.for-note .btn'], ['reply', '.btn:not(.positive, .secondary)']]) {
        if ((await at.locator('.message').count()) >= 3) break;
        await at.locator(`#compose [value=${kind}]`).check();
        await at.locator('#text').fill('Sprawdzam drugą trasę.');
        await at.locator(`#compose ${button}`).click();
        await at.waitForURL('**#conversation');
      }
    },
    'ticket of an account': visit(`/staff/tickets/${account}`),
    'ticket: validation error': async (at) => {
      await at.goto(`/staff/tickets/${account}`);
      await at.locator('#compose .btn:not(.positive, .secondary)').click();
      await at.locator('#text-feedback').waitFor();
    },
    'ticket: conflict': async (at) => {
      await at.goto(`/staff/tickets/${account}`);
      await at.locator('#compose [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('#text').fill('Działa już wszystko.');
      await at.locator('#compose .btn.positive').click();
      await at.locator('.conflict').waitFor();
    },
    'put on hold': visit(`/staff/tickets/${talked}/waiting`),
    'put on hold: validation error': submitForm(`/staff/tickets/${talked}/waiting`, { date: '2020-01-01' }, 'main form .btn'),
    'merge': visit(`/staff/tickets/${talked}/merge`),
    'merge: validation error': submitForm(`/staff/tickets/${talked}/merge`, { into: 'DZ-1' }, 'main form .btn'),
    'duplicate that cannot be resolved': async (at) => {
      const main = referenceIn(await sendReport(at));
      await performAction(at, account, 'merge', { into: main });
      await performAction(at, account, 'status', { status: 'resolved', text: 'Działa już wszystko.' });
    },
    'take over without a reason': async (at) => {
      await at.goto('/staff?view=open');
      const row = at.locator('tbody tr', { has: at.locator('[title="Anna Nowicka"]') }).first();
      await performAction(at, referenceIn(await row.locator('th a').getAttribute('href')), 'assignment', { assignee: 'me', reason: '' });
    },
    'bulk: open menu': async (at) => {
      await at.goto('/staff?view=all');
      await at.locator('input[name=ticket]').first().check();
      await at.locator('#bulk .bulk-menu summary').nth(1).click();
    },
    'bulk: validation error': (at) => submitCustomForm(at, '/staff/bulk', { command: 'note', note: '', ticket: talked }),
    'bulk: nothing selected': (at) => submitCustomForm(at, '/staff/bulk', { command: 'take' }),
    'bulk: done': async (at) => {
      await at.goto('/staff?view=all');
      for (const box of (await at.locator('input[name=ticket]').all()).slice(0, 3)) await box.check();
      await at.locator('#bulk [value=take]').click();
      await at.locator('.flash').waitFor();
    },
    'take next: no new ticket': visit('/staff?view=new&flash=none-new'),
    'statistics': visit('/staff/stats'),
    'statistics with tables': async (at) => {
      await at.goto('/staff/stats?days=30');
      for (const table of await at.locator('.figure-card summary').all()) await table.click();
    },
    'saved replies: empty': visit('/staff/replies'),
    'saved replies: validation errors': submitForm('/staff/replies/new', { body: '{nothing}' }, 'main form > .btn'),
    'saved replies': async (at) => {
      await at.goto('/staff/replies/new');
      await at.locator('#title').fill(`Szukamy połączenia ${randomUUID()}`);
      await at.locator('#body').fill('Dzień dobry, sprawdzamy połączenie na {numer_b} z godziny {godzina}.');
      await at.locator('main form > .btn').click();
      await at.waitForURL('**/staff/replies');
    },
    'saved reply': async (at) => {
      await at.goto('/staff/replies');
      await at.locator('.entry-list a').first().click();
      await at.locator('details').last().locator('summary').click();
    },
    'saved reply: conflict': async (at) => {
      await at.goto('/staff/replies');
      await at.locator('.entry-list a').first().click();
      await at.locator('form:has(#body) [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('main form > .btn').first().click();
      await at.locator('#conflict').waitFor();
    },
    'ticket: composer with a note': async (at) => {
      await at.goto(`/staff/tickets/${talked}`);
      await at.locator('#compose [value=note]').check();
    },
    'inbound mail': (at) => inboundMail(at),
    'inbound mail: needs review': (at) => inboundMail(at, '?disposition=unreadable'),
    'inbound mail: none of a kind': (at) => inboundMail(at, '?disposition=flood'),
    'inbound message': async (at) => {
      await inboundMail(at, '?disposition=ticket');
      await at.locator('.inbound-mail-list h2 a:not(.num)').last().click();
      await at.waitForURL('**/staff/inbox/*');
    },
    'inbound message: unreadable': async (at) => {
      await inboundMail(at, '?disposition=unreadable');
      await at.locator('.inbound-mail-list h2 a').first().click();
      await at.waitForURL('**/staff/inbox/*');
    },
    'ticket from an e-mail': ticketFromEmail,
    'ticket from an e-mail: validation errors': async (at) => {
      await ticketFromEmail(at);
      await at.locator('#email-details-time').fill('14:75');
      await at.locator('.email-details .btn').click();
      await at.locator('#email-details-time-feedback').waitFor();
    },
    'outgoing e-mail: needs attention': visit('/staff/emails?view=failed'),
    'outgoing e-mail: queued': visit('/staff/emails?view=waiting'),
    'outgoing e-mail: last page': visit('/staff/emails?view=waiting&after=99999999999999999-1'),
    'outgoing e-mail: discard all': async (at) => {
      await at.goto('/staff/emails?view=failed');
      await at.locator('main summary').click();
    },
    'ticket: requested call detail': async (at) => {
      const vague = referenceIn(await sendReport(at, 'pl', { caller: 'zastrzeżony', error_text: '', description: '' }));
      await performAction(at, vague, 'detail-requests', { detail: 'caller' });
      await at.locator('.call-details').waitFor();
    },
    'call detail': visit(`/staff/tickets/${talked}/details/time`),
    'call detail: validation error': submitForm(`/staff/tickets/${talked}/details/callee`, { callee: '22 122 80 22, 601 555 210' }, 'main form .btn'),
    'access link': visit(`/staff/tickets/${talked}/link`),
    'phone report': visit('/staff/report'),
    'phone report: validation errors': submitForm('/staff/report', { caller: '22 122 80 22, 601 555 210', email: 'jan' }, '#report .btn:not(.secondary)'),
    'phone report: similar tickets': async (at) => {
      await at.goto('/staff/report');
      await at.locator('[name=category][value=outgoing]').check();
      await at.locator('#caller').fill('22 555 01 20');
      await at.locator('#callee').fill('0044 20 8190 0322');
      const look = at.locator('[data-similar-button]');
      if (await look.isVisible()) await look.click();
      await at.locator('.related-tickets li').first().waitFor();
    },
    'incidents, staff': visit('/staff/incidents'),
    'incidents, staff: past': visit('/staff/incidents?view=past'),
    'new incident': visit('/staff/incidents/new'),
    'new incident: validation errors': submitForm('/staff/incidents/new', { prefixes: 'abc', until: '2020-01-01T10:00' }, 'main form .btn >> nth=0'),
    'edit incident: preview': async (at) => {
      await at.goto((await firstIncident(at)) + '/edit');
      await at.locator('[value=preview]').click();
      await at.locator('#preview').waitFor();
    },
    'edit incident: conflict': async (at) => {
      await at.goto((await firstIncident(at)) + '/edit');
      await at.locator('main [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('main form .btn').first().click();
      await at.locator('#conflict').waitFor();
    },
    'incident, staff': async (at) => at.goto(await firstIncident(at)),
    'incident, staff: validation errors': async (at) => {
      await at.goto(await firstIncident(at));
      await at.locator('form[action$="/updates"] .btn').first().click();
      await at.locator('#text_pl-feedback').waitFor();
    },
    'incident, staff: past': async (at) => {
      await at.goto('/staff/incidents?view=past');
      await at.locator('.entry-list a').first().click();
      await at.locator('h1').waitFor();
    },
    'blocklist': async (at) => {
      await blockAddress(at, '192.0.2.0/24', 'scanning');
      await blockAddress(at, '2001:db8:1234:5678:9abc:def0:1234:5678', 'other');
      await at.goto('/staff/blocklist');
    },
    'blocklist: expired': visit('/staff/blocklist?state=expired&source=kamailio'),
    'blocklist: nothing found': visit('/staff/blocklist?q=203.0.113.255'),
    'blocklist: invalid search': visit('/staff/blocklist?q=nothing'),
    'blocklist: validation errors': submitForm('/staff/blocklist', { net: '192.0.2.7/24', note: 'x'.repeat(600) }, 'main form .btn >> nth=-1'),
    'blocklist: already listed': async (at) => {
      await blockAddress(at, '192.0.2.0/24', 'scanning');
      await at.goto('/staff/blocklist');
      await at.locator('#net').fill('192.0.2.0/24');
      await at.locator('#reason').selectOption('other');
      await at.locator('main form .btn').last().click();
      await at.locator('.error-summary').waitFor();
    },
    'block': async (at) => {
      await blockAddress(at, '192.0.2.0/24', 'scanning');
      await blockAddress(at, '192.0.2.7');
      await at.goto('/staff/blocklist/192.0.2.7');
    },
    'block: validation error': async (at) => {
      await blockAddress(at, '192.0.2.7');
      await at.goto('/staff/blocklist/192.0.2.7');
      await at.locator('form[action$="/removal"] .btn').click();
      await at.locator('#removal_reason-feedback').waitFor();
    },
    'block: conflict': async (at) => {
      await blockAddress(at, '192.0.2.7');
      await at.goto('/staff/blocklist/192.0.2.7');
      await at.locator('form[action$="/change"] [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('form[action$="/change"] .btn').click();
      await at.locator('#conflict').waitFor();
    },
    'block: lifted': async (at) => {
      await blockAddress(at, '192.0.2.8');
      await at.goto('/staff/blocklist/192.0.2.8');
      await at.locator('#removal_reason').fill(LONG_VALUES.error_text.slice(0, 490));
      await at.locator('form[action$="/removal"] .btn').click();
      await at.locator('.tag.ok').waitFor();
    },
    'ticket of a blocked address': async (at) => {
      await blockAddress(at, '2001:db8:1234::/48', 'abuse');
      await at.goto(`/staff/tickets/${account}`);
      await at.locator('.call-summary .tag.bad').waitFor();
    },
    'tokens': visit('/staff/tokens'),
    'tokens: created': async (at) => {
      await at.goto('/staff/tokens');
      await at.locator('#name').fill(`sbc-${randomUUID()}`);
      await at.locator('main form .btn:not(.secondary)').click();
      await at.locator('code.copyable-link').waitFor();
    },
    'tokens: validation error': submitForm('/staff/tokens', { name: '' }, 'main form .btn:not(.secondary)'),
    'account': visit('/staff/account'),
    'account: validation error': submitForm('/staff/account', { current: 'x', password: 'y' }, '.field + .btn'),
    'accounts': visit('/staff/accounts'),
    'accounts: validation errors': submitForm('/staff/accounts', { name: '', email: 'x' }, '.field + .btn'),
    'accounts: one-time link': async (at) => {
      await at.goto('/staff/accounts');
      await at.locator('form[action$="/link"] button').last().click();
      await at.locator('code.copyable-link').waitFor();
    },
    'set a password': visit(link),
    'set a password: too short': submitForm(link, { password: 'x' }, '.btn'),
  };
}
