// Every page that anybody can see, and how to come to it: for the eyes that look over all of them.

import { randomUUID } from 'node:crypto';

import { ACCOUNT, LONG, ask, below, block, referenceIn, send } from './people.js';
import { filled, to, trouble, without } from './ways.js';

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
  const troubles = await trouble(page);
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
