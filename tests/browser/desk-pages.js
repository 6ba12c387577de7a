// Every page of the desk, and how to come to it.

import { randomUUID } from 'node:crypto';

import { ACCOUNT, LONG, act, block, referenceIn, send, sent } from './people.js';
import { MAIL, filled, to, trouble } from './ways.js';

/** Opens the list of mail once all of it has come. */
async function mail(at, query = '') {
  for (let tries = 0; tries < 100; tries += 1) {
    await at.goto('/staff/mail');
    if ((await at.locator('.mails li').count()) >= MAIL.length) break;
  }
  await at.goto(`/staff/mail${query}`);
}

/** Opens the ticket that mail made. */
async function fromMail(at) {
  await mail(at, '?fate=ticket');
  await at.locator('.mails li', { hasText: 'Nie mogę zadzwonić' }).locator('a.num').click();
  await at.waitForURL('**/staff/tickets/*');
}

async function firstIncident(page) {
  await page.goto('/staff/incidents');
  return page.locator('.log-list a', { hasText: 'Brytanii' }).first().getAttribute('href');
}

/** The pages of the desk, for somebody who is signed in, in the language they have chosen. */
export async function deskPages(page, link) {
  await trouble(page);
  const talked = referenceIn(await send(page));
  const account = referenceIn(await send(page, 'pl', ACCOUNT));
  return {
    'queue': to('/staff?view=all'),
    'queue: filtered': to('/staff?view=new&category=audio&sort=call'),
    'queue: empty': to('/staff?view=waiting&assignee=none'),
    'queue: nothing found': to('/staff?q=nobody@example.org'),
    'queue: unreadable': to('/staff?q=%3F%3F'),
    'queue: no such ticket': to('/staff?q=DZ-00000-00000'),
    'ticket': async (at) => {
      await at.goto(`/staff/tickets/${talked}`);
      for (const [kind, button] of [['note', '.for-note .btn'], ['reply', '.btn:not(.good, .quiet)']]) {
        if ((await at.locator('.msg').count()) >= 3) break;
        await at.locator(`#compose [value=${kind}]`).check();
        await at.locator('#text').fill('Sprawdzam drugą trasę.');
        await at.locator(`#compose ${button}`).click();
        await at.waitForURL('**#conversation');
      }
    },
    'ticket of an account': to(`/staff/tickets/${account}`),
    'ticket: a mistake': async (at) => {
      await at.goto(`/staff/tickets/${account}`);
      await at.locator('#compose .btn:not(.good, .quiet)').click();
      await at.locator('#text-said').waitFor();
    },
    'a change that came too late': async (at) => {
      await at.goto(`/staff/tickets/${account}`);
      await at.locator('#compose [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('#text').fill('Działa już wszystko.');
      await at.locator('#compose .btn.good').click();
      await at.locator('.stale').waitFor();
    },
    'waiting': to(`/staff/tickets/${talked}/waiting`),
    'waiting: a mistake': filled(`/staff/tickets/${talked}/waiting`, { date: '2020-01-01' }, 'main form .btn'),
    'merging': to(`/staff/tickets/${talked}/merge`),
    'merging: a mistake': filled(`/staff/tickets/${talked}/merge`, { into: 'DZ-1' }, 'main form .btn'),
    'a duplicate that can not be resolved': async (at) => {
      const main = referenceIn(await send(at));
      await act(at, account, 'merge', { into: main });
      await act(at, account, 'status', { status: 'resolved', text: 'Działa już wszystko.' });
    },
    'taking over without a reason': async (at) => {
      await at.goto('/staff?view=open');
      const row = at.locator('tbody tr', { has: at.locator('[title="Anna Nowicka"]') }).first();
      await act(at, referenceIn(await row.locator('th a').getAttribute('href')), 'assignment', { assignee: 'me', reason: '' });
    },
    'many: a question': async (at) => {
      await at.goto('/staff?view=all');
      await at.locator('input[name=ticket]').first().check();
      await at.locator('#bulk .more summary').nth(1).click();
    },
    'many: a mistake': (at) => sent(at, '/staff/bulk', { verb: 'note', note: '', ticket: talked }),
    'many: nothing selected': (at) => sent(at, '/staff/bulk', { verb: 'take' }),
    'many: done': async (at) => {
      await at.goto('/staff?view=all');
      for (const box of (await at.locator('input[name=ticket]').all()).slice(0, 3)) await box.check();
      await at.locator('#bulk [value=take]').click();
      await at.locator('.said').waitFor();
    },
    'take next: nobody': to('/staff?view=new&said=none-new'),
    'figures': to('/staff/stats'),
    'figures: with their tables': async (at) => {
      await at.goto('/staff/stats?days=30');
      for (const table of await at.locator('.plate summary').all()) await table.click();
    },
    'replies: empty': to('/staff/replies'),
    'replies: mistakes': filled('/staff/replies/new', { body: '{nothing}' }, 'main form > .btn'),
    'replies': async (at) => {
      await at.goto('/staff/replies/new');
      await at.locator('#title').fill(`Szukamy połączenia ${randomUUID()}`);
      await at.locator('#body').fill('Dzień dobry, sprawdzamy połączenie na {numer_b} z godziny {godzina}.');
      await at.locator('main form > .btn').click();
      await at.waitForURL('**/staff/replies');
    },
    'a reply': async (at) => {
      await at.goto('/staff/replies');
      await at.locator('.log-list a').first().click();
      await at.locator('details').last().locator('summary').click();
    },
    'a reply that was changed meanwhile': async (at) => {
      await at.goto('/staff/replies');
      await at.locator('.log-list a').first().click();
      await at.locator('form:has(#body) [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('main form > .btn').first().click();
      await at.locator('#late').waitFor();
    },
    'ticket: a note, from a saved reply': async (at) => {
      await at.goto(`/staff/tickets/${talked}`);
      await at.locator('#compose [value=note]').check();
    },
    'mail': (at) => mail(at),
    'mail: to look at': (at) => mail(at, '?fate=unreadable'),
    'mail: none of a kind': (at) => mail(at, '?fate=flood'),
    'a mail': async (at) => {
      await mail(at, '?fate=ticket');
      await at.locator('.mails h2 a:not(.num)').last().click();
      await at.waitForURL('**/staff/mail/*');
    },
    'a mail that can not be read': async (at) => {
      await mail(at, '?fate=unreadable');
      await at.locator('.mails h2 a').first().click();
      await at.waitForURL('**/staff/mail/*');
    },
    'ticket from a mail': fromMail,
    'ticket from a mail: mistakes': async (at) => {
      await fromMail(at);
      await at.locator('#told-time').fill('14:75');
      await at.locator('.told .btn').click();
      await at.locator('#told-time-said').waitFor();
    },
    'letters: to be decided': to('/staff/letters?view=stuck'),
    'letters: waiting': to('/staff/letters?view=waiting'),
    'letters: no more': to('/staff/letters?view=waiting&after=99999999999999999-1'),
    'letters: all to be given up': async (at) => {
      await at.goto('/staff/letters?view=stuck');
      await at.locator('main summary').click();
    },
    'ticket: a question, and what is missing': async (at) => {
      const vague = referenceIn(await send(at, 'pl', { caller: 'zastrzeżony', error_text: '', description: '' }));
      await act(at, vague, 'questions', { piece: 'caller' });
      await at.locator('.pieces').waitFor();
    },
    'a piece': to(`/staff/tickets/${talked}/pieces/time`),
    'a piece: a mistake': filled(`/staff/tickets/${talked}/pieces/callee`, { callee: '22 122 80 22, 601 555 210' }, 'main form .btn'),
    'the link': to(`/staff/tickets/${talked}/link`),
    'a report that is taken down': to('/staff/report'),
    'a report that is taken down: mistakes': filled('/staff/report', { caller: '22 122 80 22, 601 555 210', email: 'jan' }, '#report .btn:not(.quiet)'),
    'a report that is taken down: alike': async (at) => {
      await at.goto('/staff/report');
      await at.locator('[name=category][value=outgoing]').check();
      await at.locator('#caller').fill('22 555 01 20');
      await at.locator('#callee').fill('0044 20 8190 0322');
      const look = at.locator('[data-look]');
      if (await look.isVisible()) await look.click();
      await at.locator('.kin li').first().waitFor();
    },
    'incidents, staff': to('/staff/incidents'),
    'incidents, staff: past': to('/staff/incidents?view=past'),
    'an incident to be written': to('/staff/incidents/new'),
    'an incident to be written: mistakes': filled('/staff/incidents/new', { prefixes: 'abc', until: '2020-01-01T10:00' }, 'main form .btn >> nth=0'),
    'an incident to be written: preview': async (at) => {
      await at.goto((await firstIncident(at)) + '/edit');
      await at.locator('[value=preview]').click();
      await at.locator('#preview').waitFor();
    },
    'an incident that was changed meanwhile': async (at) => {
      await at.goto((await firstIncident(at)) + '/edit');
      await at.locator('main [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('main form .btn').first().click();
      await at.locator('#late').waitFor();
    },
    'one incident, staff': async (at) => at.goto(await firstIncident(at)),
    'one incident, staff: mistakes': async (at) => {
      await at.goto(await firstIncident(at));
      await at.locator('form[action$="/updates"] .btn').first().click();
      await at.locator('#text_pl-said').waitFor();
    },
    'one incident, staff: over': async (at) => {
      await at.goto('/staff/incidents?view=past');
      await at.locator('.log-list a').first().click();
      await at.locator('h1').waitFor();
    },
    'blocks': async (at) => {
      await block(at, '192.0.2.0/24', 'scanning');
      await block(at, '2001:db8:1234:5678:9abc:def0:1234:5678', 'other');
      await at.goto('/staff/addresses');
    },
    'blocks: over': to('/staff/addresses?state=over&source=kamailio'),
    'blocks: nothing found': to('/staff/addresses?q=203.0.113.255'),
    'blocks: unreadable': to('/staff/addresses?q=nothing'),
    'blocks: mistakes': filled('/staff/addresses', { net: '192.0.2.7/24', note: 'x'.repeat(600) }, 'main form .btn >> nth=-1'),
    'blocks: there already': async (at) => {
      await block(at, '192.0.2.0/24', 'scanning');
      await at.goto('/staff/addresses');
      await at.locator('#net').fill('192.0.2.0/24');
      await at.locator('#reason').selectOption('other');
      await at.locator('main form .btn').last().click();
      await at.locator('.errsum').waitFor();
    },
    'a block': async (at) => {
      await block(at, '192.0.2.0/24', 'scanning');
      await block(at, '192.0.2.7');
      await at.goto('/staff/addresses/192.0.2.7');
    },
    'a block: a mistake': async (at) => {
      await block(at, '192.0.2.7');
      await at.goto('/staff/addresses/192.0.2.7');
      await at.locator('form[action$="/removal"] .btn').click();
      await at.locator('#why-said').waitFor();
    },
    'a block that was changed meanwhile': async (at) => {
      await block(at, '192.0.2.7');
      await at.goto('/staff/addresses/192.0.2.7');
      await at.locator('form[action$="/change"] [name=version]').evaluate((field) => (field.value = '0'));
      await at.locator('form[action$="/change"] .btn').click();
      await at.locator('#late').waitFor();
    },
    'a block that was lifted': async (at) => {
      await block(at, '192.0.2.8');
      await at.goto('/staff/addresses/192.0.2.8');
      await at.locator('#why').fill(LONG.error_text.slice(0, 490));
      await at.locator('form[action$="/removal"] .btn').click();
      await at.locator('.tag.ok').waitFor();
    },
    'ticket of a blocked address': async (at) => {
      await block(at, '2001:db8:1234::/48', 'abuse');
      await at.goto(`/staff/tickets/${account}`);
      await at.locator('.strip .tag.bad').waitFor();
    },
    'tokens': to('/staff/tokens'),
    'tokens: made': async (at) => {
      await at.goto('/staff/tokens');
      await at.locator('#name').fill(`sbc-${randomUUID()}`);
      await at.locator('main form .btn:not(.quiet)').click();
      await at.locator('code.link').waitFor();
    },
    'tokens: a mistake': filled('/staff/tokens', { name: '' }, 'main form .btn:not(.quiet)'),
    'account': to('/staff/account'),
    'account: a mistake': filled('/staff/account', { current: 'x', password: 'y' }, '.field + .btn'),
    'accounts': to('/staff/accounts'),
    'accounts: mistakes': filled('/staff/accounts', { name: '', email: 'x' }, '.field + .btn'),
    'accounts: a link': async (at) => {
      await at.goto('/staff/accounts');
      await at.locator('form[action$="/link"] button').last().click();
      await at.locator('code.link').waitFor();
    },
    'set a password': to(link),
    'set a password: too short': filled(link, { password: 'x' }, '.btn'),
  };
}
