// Every page of the portal, and how to come to it: for the eyes that look over all of them.

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

const LONG_ADDRESS = `${'a'.repeat(60)}@a-domain-with-a-very-long-name.example.com`;

/** What people paste: words without end must not push a page out of its frame. */
const LONG = {
  email: `${'a'.repeat(60)}@a-domain-with-a-very-long-name.example.com`,
  error_text: 'abonent czasowo niedostępny '.repeat(30).trim(),
  description: 'x'.repeat(5000),
};
const ACCOUNT = {
  ...LONG,
  category: 'logged-out',
  account: '12345-101',
  device: 'Yealink'.padEnd(200, 'W'),
  public_ip: '2001:db8:1234:5678:9abc:def0:1234:5678',
  trail: 'logged-out',
};

/** Mail that comes in: a report, one that tells nothing and is long, a machine's, and what is no mail at all. */
const HEAD = 'To: pomoc@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n';
const MAIL = [
  `From: Jan Nowak <jan.nowak@example.com>\r\nSubject: Nie mogę zadzwonić\r\nMIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r
Dzień dobry,\r\nwczoraj o 14:05 z numeru 22 555 01 20 na 0044 20 8190 0322 słyszę „503 Service Unavailable”.\r\n\r
W dniu 19.11.2026 BOK pisze:\r\n> Proszę podać numery.\r\n--b\r\nContent-Type: image/png; name=zrzut-ekranu.png\r
Content-Disposition: attachment\r\n\r\nPNG\r\n--b--\r\n`,
  `From: ${LONG_ADDRESS}\r\nSubject: ${'Pilne'.repeat(60)}\r\n${HEAD}\r\n${'x'.repeat(5000)}`,
  `From: robot@example.com\r\nSubject: Urlop\r\nAuto-Submitted: auto-replied\r\n${HEAD}\r\nWracam w poniedziałek.`,
  'to nie jest wiadomość',
];

/** What the portal behind these pages is started with: some tell where they come from, and mail has come. */
export const SETTING = { settings: { DZWONI_TRUSTED_PROXIES: '127.0.0.1' }, mail: MAIL };

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

/** Sends a report as a form would; gives the address of its ticket, with the key. */
export async function send(page, lang = 'pl', more = {}) {
  const answer = await page.request.post(`/${lang}/report`, { form: report(more), maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  return answer.headers().location;
}

export const referenceIn = (address) => /DZ-[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(address)[0];

export async function signIn(page, { email, password } = DEMO) {
  await page.goto('/staff/login');
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(password);
  await page.locator('form[action="/staff/login"] button').click();
  await page.waitForURL('**/staff');
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

/** Somebody at the desk blocks an address, if it isn't blocked. */
export async function block(page, net, reason = 'wrong-password') {
  const baseURL = new URL((await page.request.get('/healthz')).url()).origin;
  const desk = await request.newContext({ baseURL });
  await desk.post('/staff/login', { form: { email: DEMO.email, password: DEMO.password } });
  await desk.post('/staff/addresses', { form: { net, reason, lasts: 'week', note: LONG.error_text.slice(0, 490) } });
  await desk.dispose();
}

/** The page of the address check, for somebody whose own address is blocked. Behind a proxy that is trusted. */
const blocked = (lang, ip, then = async () => {}, net = ip, reason = undefined) => async (page) => {
  await block(page, net, reason);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': ip });
  await page.goto(`/${lang}/check/address`);
  await page.locator('.found-now.blocked').waitFor();
  await then(page, ip);
};

/** Lifts the block and waits until it is. */
async function lift(page) {
  await page.locator('form[action$="/check/address"] .btn').first().click();
  await page.locator('.found-now.lifted').waitFor();
}

/** An address of each language's own, so that both can be looked at together. */
const addressOf = (lang, number) => (lang === 'pl' ? `198.51.${number}.7` : `2001:db8:${number}::7`);

const to = (path) => (page) => page.goto(path);

/** Fills in a form, field by name, and sends it. */
const filled = (path, values, button) => async (page) => {
  await page.goto(path);
  for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).first().fill(value);
  await page.locator(button).click();
  await page.waitForLoadState();
};

/** A page as it is where its script does not run. */
const without = (script, path) => async (page) => {
  await page.route(`**/static/${script}*.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }), { times: 1 });
  await page.goto(path);
};

/** A line test that gets no further than what `answer` does with its first question. */
const lineTest = (lang, answer, sign) => async (page) => {
  await page.route('**/check/link/tests', answer, { times: 1 });
  await page.goto(`/${lang}/check/link`);
  await page.locator('form[data-state=start] button').click();
  await page.locator(sign).waitFor();
};

/** The id of a line test that was really made; one is enough for everybody who looks. */
let measured;
async function measure(page) {
  await page.goto('/pl/check/link');
  await page.locator('[name=connection][value=cable]').check();
  await page.locator('form[data-state=start] button').click();
  await page.waitForURL('**/check/result/**', { timeout: 60_000 });
  return new URL(page.url()).pathname.split('/').at(-1);
}

/** Hands in what a browser would have measured whose calls don't get through; gives the address of the result. */
async function notThrough(page, lang, { offers }) {
  const offer = async () => {
    const connection = new RTCPeerConnection();
    connection.createDataChannel('probe');
    await connection.setLocalDescription();
    return connection.localDescription.sdp;
  };
  const tests = `/${lang}/check/link/tests`;
  const begun = await page.request.post(tests, { data: { sdp: offers ? await page.evaluate(offer) : null } });
  const { id } = await begun.json();
  const web = Array.from({ length: 100 }, (_, at) => [at * 50, at * 50 + 30 + (at % 7)]);
  const done = await page.request.post(`${tests}/${id}/result`, { data: { heard: { webrtc: true, web } } });
  return (await done.json()).url;
}

/** Sends what the sound check found; gives the address of the result. */
async function sound(page, lang, found) {
  const kept = await page.request.post(`/${lang}/check/sound`, { form: found, maxRedirects: 0 });
  return kept.headers().location;
}

/** The pages that anybody can see, in one language. */
export async function publicPages(page, lang) {
  measured ??= measure(page);
  const open = await send(page, lang, { caller: 'a-rather-long-account-name@sip.example.org' });
  const account = await send(page, lang, ACCOUNT);
  const over = await send(page, lang);
  await page.request.post(below(over, '/works'), { form: { submission: randomUUID() } });
  const asked = await send(page, lang, { precision: '30min', day: 'today', time: '0:00', error_text: '' });
  await ask(page, asked, 'time');
  await page.request.post(below(asked, '/example'), {
    form: { caller: '101', callee: '0044 20 8190 0322', day: 'yesterday', time: '9:15', error_text: LONG.error_text },
  });
  await page.request.post(below(asked, '/messages'), { form: { text: 'W'.repeat(300) } });
  const wrong = { caller: '22 122 80 22, 601 555 210', callee: '1234', time: '14:75', email: 'jan.nowak' };
  const troubles = await (known ??= trouble(page));
  return {
    'home': to(`/${lang}`),
    'incidents': to(`/${lang}/incidents`),
    'incident': to(`/${lang}/incident/${troubles.now}`),
    'incident: joined': async (at) => {
      await at.goto(`/${lang}/incident/${troubles.now}`);
      await at.locator('form[action$="/join"] .btn').click();
      await at.waitForURL('**?joined');
    },
    'incident: asked for news': async (at) => {
      await at.goto(`/${lang}/incident/${troubles.now}`);
      await at.locator('#email').fill('ola@example.com');
      await at.locator('form[action$="/follow"] .btn').click();
      await at.locator('#asked').waitFor();
    },
    'incident: mistakes': async (at) => {
      await at.goto(`/${lang}/incident/${troubles.now}`);
      await at.locator('#email').fill('ola');
      await at.locator('form[action$="/follow"] .btn').click();
      await at.locator('#email-said').waitFor();
    },
    'incident: over': to(`/${lang}/incident/${troubles.over}`),
    'report: of an incident': to(`/${lang}/report?category=outgoing&incident=${troubles.now}`),
    'a step': to(`/${lang}/guide/outgoing/yes/abroad`),
    'a first step': to(`/${lang}/guide/incoming`),
    'the lamps': to(await stepWith(page, lang, 'class="lampi')),
    'a step with a check': to(await stepWith(page, lang, 'class="check"')),
    'a whole guide': to(`/${lang}/guide/outgoing?all`),
    'solved': to(`/${lang}/guide/outgoing/yes/abroad/fixed`),
    'report: what': to(`/${lang}/report`),
    'report: empty': to(`/${lang}/report?category=outgoing&trail=outgoing/yes/abroad`),
    'report: account': to(`/${lang}/report?category=logged-out`),
    'report: sound': to(`/${lang}/report?category=audio`),
    'report: mistakes': filled(`/${lang}/report?category=audio`, wrong, 'main form .btn'),
    'report: account mistakes': filled(`/${lang}/report?category=logged-out`, { public_ip: '1' }, 'main form .btn'),
    'ticket': to(open),
    'ticket of an account': to(account),
    'ask for a ticket': to(`/${lang}/ticket`),
    'ask for a ticket: mistakes': filled(`/${lang}/ticket`, { reference: 'DZ-1' }, 'main form .btn:not(.quiet)'),
    'ticket: a question': to(asked),
    'ticket: resolved': to(over),
    'ticket: nothing written': async (at) => {
      await at.goto(open);
      await at.locator('.write .btn').first().click();
      await at.locator('#text-said').waitFor();
    },
    'ticket: written': async (at) => {
      await at.goto(open);
      await at.locator('#text').fill('Od 15:00 jest tak samo.');
      await at.locator('.write .btn').first().click();
      await at.waitForURL('**said=message**');
    },
    'ticket: on another device': async (at) => {
      await at.goto(asked);
      await at.locator('#keep ~ details summary').first().click();
    },
    'a question': to(below(asked, '/answer/time')),
    'a question: a mistake': filled(below(asked, '/answer/time'), { time: '25:00' }, 'main form .btn'),
    'a question that is over': to(below(asked, '/answer/message')),
    'another call': to(below(open, '/example')),
    'another call: mistakes': filled(below(open, '/example'), { caller: '22 122 80 22, 601 555 210', time: '25:00' }, 'main form .btn'),
    'ask for a link: mistakes': async (at) => {
      await at.goto(`/${lang}/ticket`);
      await at.locator('#email').fill('jan');
      await at.locator('#lost ~ form .btn').click();
      await at.locator('.errsum').waitFor();
    },
    'a link on its way': async (at) => {
      await at.goto(`/${lang}/ticket`);
      await at.locator('#sent-reference').fill(referenceIn(open));
      await at.locator('#email').fill('nobody@example.com');
      await at.locator('#lost ~ form .btn').click();
      await at.locator('.errsum, .lead').first().waitFor();
    },
    'a ticket with the wrong key': to(`/${lang}/ticket/${referenceIn(open)}?key=0`),
    'my address': to(`/${lang}/check/address`),
    'my address: inner': async (at) => {
      await at.setExtraHTTPHeaders({ 'x-forwarded-for': '100.64.3.4' });
      await at.goto(`/${lang}/check/address?walk=logged-out/yes`);
    },
    'my address: blocked': blocked(lang, addressOf(lang, 101)),
    'my address: lifted': blocked(lang, addressOf(lang, 102), lift),
    'my address: blocked again': blocked(lang, addressOf(lang, 103), async (at, ip) => {
      await lift(at);
      await block(at, ip);
      await at.goto(`/${lang}/check/address?walk=logged-out/yes`);
    }),
    'my address: refused': blocked(lang, addressOf(lang, 104), async (at, ip) => {
      await at.request.post(`/${lang}/check/address`, { headers: { 'x-forwarded-for': ip }, form: {} });
      await block(at, ip);
      await at.locator('form[action$="/check/address"] .btn').first().click();
      await at.locator('.errsum').waitFor();
    }),
    'my address: in a block': blocked(
      lang,
      addressOf(lang, 105),
      undefined,
      lang === 'pl' ? '198.51.105.0/24' : '2001:db8:105::/48',
      'abuse',
    ),
    'lamp': to(`/${lang}/check/lamps`),
    'lamp: grey': to(`/${lang}/check/lamps?lamp=grey&walk=outgoing/unknown`),
    'lamp: green': to(`/${lang}/check/lamps?lamp=green`),
    'lamp: none chosen': to(`/${lang}/check/lamps?show=yes`),
    'message': to(`/${lang}/check/message`),
    'message: known': to(`/${lang}/check/message?text=403`),
    'message: no fault': to(`/${lang}/check/message?text=486+a+potem+brak+%C5%9Brodk%C3%B3w`),
    'message: unknown': to(`/${lang}/check/message?text=${'W'.repeat(300)}`),
    'message: empty': to(`/${lang}/check/message?text=`),
    'message: a cause': to(`/${lang}/check/message/no-lines`),
    'message: while typing': async (at) => {
      await at.goto(`/${lang}`);
      await at.locator('[data-message]').fill('abonent czasowo niedostepny');
      if (await at.evaluate(() => matchMedia('(scripting: enabled)').matches)) await at.locator('#said .echo').waitFor();
    },
    'line': to(`/${lang}/check/link`),
    'line: without its script': without('link', `/${lang}/check/link`),
    'line: connecting': lineTest(lang, () => {}, 'progress'),
    'line: refused': lineTest(
      lang,
      (route) => route.fulfill({ status: 429, json: { error: 'Z tej sieci było już dużo testów. '.repeat(3) } }),
      '[data-failed]:focus',
    ),
    'line: measured': to(`/${lang}/check/result/${await measured}`),
    'line: calls are blocked': to(await notThrough(page, lang, { offers: true })),
    'line: not measured': to(await notThrough(page, lang, { offers: false })),
    'sound': to(`/${lang}/check/sound`),
    'sound: without its script': without('sound', `/${lang}/check/sound`),
    'sound: no microphone': async (at) => {
      await at.goto(`/${lang}/check/sound`);
      await at.locator('[data-listen]').click();
      await at.locator('[data-found] :is([data-is=none], [data-is=denied]):not([hidden])').waitFor();
      await at.locator('[name=speakers]').last().check();
    },
    'sound: sent': to(await sound(page, lang, { microphone: 'clipped', speakers: 'left' })),
    'number': to(`/${lang}/check/number`),
    'number: abroad': to(`/${lang}/check/number?number=%2B44+(0)20+8190+0322`),
    'number: dear': to(`/${lang}/check/number?number=701234567`),
    'number: wrong': to(`/${lang}/check/number?number=${'9'.repeat(150)}x`),
    'number: in a step': to(`/${lang}/check/number?walk=outgoing/yes/abroad&here=yes&number=442081900322`),
    'result': async (at) => {
      await at.goto(`/${lang}/check/number?number=0044+20+8190+03`);
      await at.locator('a[href*="/check/result/"]').click();
      await at.waitForURL('**/check/result/*');
    },
    'report: with results': async (at) => {
      await at.goto(`/${lang}/check/lamps?lamp=red`);
      await at.locator('.acts a[href*="checks="]').last().click();
      await at.waitForURL('**/report?*');
    },
    'nothing there': to(`/${lang}/nothing-there`),
    'sign in': to(`/staff/login?lang=${lang}`),
    'sign in: wrong': filled(`/staff/login?lang=${lang}`, { email: `${lang}@example.com`, password: 'x' }, '.btn'),
    'a used-up link': to(`/staff/welcome/none?lang=${lang}`),
  };
}

/** An address below a ticket's, with its key. */
export const below = (address, path) => address.replace('?', `${path}?`);

/** Has staff ask the customer of a ticket for a piece of the call. */
export async function ask(page, address, piece) {
  const { origin } = new URL((await page.request.get('/healthz')).url());
  const desk = await atTheDesk(page.context().browser(), origin);
  await act(desk, referenceIn(address), 'questions', { piece });
  await desk.context().close();
}

let known;

/** Publishes trouble that goes on and some that is over, with texts that are hard to place; gives their numbers. */
async function trouble(page) {
  const { origin } = new URL((await page.request.get('/healthz')).url());
  const desk = await atTheDesk(page.context().browser(), origin);
  const news = { text_pl: 'Operator naprawia trasę.', text_en: 'The carrier mends the route.' };
  const publish = async (title) => {
    await desk.goto('/staff/incidents/new');
    await desk.locator('#title_pl').fill(title);
    await desk.locator('#title_en').fill(title);
    await desk.locator('#text_pl').fill('Część rozmów na numery 0044 kończy się kodem 503. Naprawiamy to. '.repeat(8));
    await desk.locator('#text_en').fill('Some calls to numbers in 0044 end with 503. We are mending it. '.repeat(8));
    await desk.locator('[name=category][value=outgoing]').check();
    await desk.locator('#prefixes').fill('0044 20, 0049');
    await desk.locator('main form .btn').first().click();
    await desk.waitForURL(/incidents\/\d+$/);
    const number = new URL(desk.url()).pathname.split('/').at(-1);
    await desk.locator('form[action$="/publication"] .btn').click();
    await desk.locator('#write').waitFor();
    for (const [name, text] of Object.entries(news)) await desk.locator(`#${name}`).fill(text);
    await desk.locator('form[action$="/updates"] .btn').first().click();
    await desk.locator('#updates').waitFor();
    return number;
  };
  const over = await publish('Krótka przerwa');
  for (const [name, text] of Object.entries(news)) await desk.locator(`#${name}`).fill(text);
  await desk.locator('[formaction$="/resolution"]').click();
  await desk.waitForLoadState();
  const now = await publish(`Połączenia do Wielkiej Brytanii ${'W'.repeat(60)}`);
  const reference = referenceIn(await send(page));
  await act(desk, reference, 'incident', { incident: now });
  await desk.context().close();
  return { now, over };
}

/** A step that has `part`: found by walking, so that the guides may change. */
async function stepWith(page, lang, part) {
  const seen = new Set();
  const ahead = ['logged-out', 'outgoing'].map((guide) => `/${lang}/guide/${guide}`);
  for (const path of ahead) {
    const html = await (await page.request.get(path)).text();
    if (html.includes(part)) return path;
    for (const [, next] of html.matchAll(/class="answer" href="([^"]+)"/g)) {
      const step = next.split('/').at(-1) + html.length;
      if (next.includes('/guide/') && !seen.has(step)) ahead.push(next);
      seen.add(step);
    }
  }
  throw new Error(`no step has ${part}`);
}

/** The pages of the desk, for somebody who is signed in, in the language they have chosen. */
export async function deskPages(page, link) {
  await (known ??= trouble(page));
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

async function firstIncident(page) {
  await page.goto('/staff/incidents');
  return page.locator('.log-list a', { hasText: 'Brytanii' }).first().getAttribute('href');
}

/** Sends a form that the page does not have, as a browser would. */
async function sent(page, path, fields) {
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

/** Does something to a ticket as it is now. */
async function act(page, reference, verb, fields) {
  const html = await (await page.request.get(`/staff/tickets/${reference}`)).text();
  const [, version] = /name="version" value="(\d+)"/.exec(html);
  await sent(page, `/staff/tickets/${reference}/${verb}`, { version, ...fields });
}

/** A one-time link for a colleague, made on the accounts page. */
export async function invitation(page, name) {
  await page.goto('/staff/accounts');
  await page.locator('tr', { hasText: name }).locator('form[action$="/link"] button').click();
  return new URL(await page.locator('code.link').innerText()).pathname;
}

/** Somebody signed in, with a page of their own, which shows nothing yet. The form has stories of its own. */
export async function atTheDesk(browser, url, options) {
  const page = await visitor(browser, url, options);
  const { email, password } = DEMO;
  const answer = await page.request.post('/staff/login', { form: { email, password }, maxRedirects: 0 });
  assert.equal(answer.status(), 303);
  return page;
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
