// Every public page, and how to open it.

import { randomUUID } from 'node:crypto';

import { ACCOUNT_REPORT, LONG_VALUES, blockAddress, referenceIn, requestDetail, sendReport, subPath } from './actors.js';
import { changeLineTests, publishedIncidents, submitForm, visit, withoutScript } from './scenarios.js';

/** The address check of a visitor whose address is blocked, behind a trusted proxy. */
const blocked = (lang, ip, then = async () => {}, net = ip, reason = undefined) => async (page) => {
  await blockAddress(page, net, reason);
  await page.setExtraHTTPHeaders({ 'x-forwarded-for': ip });
  await page.goto(`/${lang}/check/address`);
  await page.locator('.check-result.blocked').waitFor();
  await then(page, ip);
};

/** Lifts the block and waits for the result. */
async function lift(page) {
  await page.locator('form[action$="/check/address"] .btn').first().click();
  await page.locator('.check-result.lifted').waitFor();
}

/** A different address for each language, so that both can be audited at once. */
const addressOf = (lang, number) => (lang === 'pl' ? `198.51.${number}.7` : `2001:db8:${number}::7`);

/** A line test whose first request is handled by `answer`. */
const lineTest = (lang, answer, sign) => async (page) => {
  await page.route('**/check/link/tests', answer, { times: 1 });
  await page.goto(`/${lang}/check/link`);
  await page.locator('form[data-state=start] button').click();
  await page.locator(sign).waitFor();
};

/** The id of a real line test, run once. */
let measured;
async function measure(page) {
  await changeLineTests(page);
  await page.goto('/pl/check/link');
  await page.locator('[name=connection][value=cable]').check();
  await page.locator('form[data-state=start] button').click();
  await page.waitForURL('**/check/result/**', { timeout: 60_000 });
  await page.unroute('**/check/link/tests');
  // the next pages are those of a new visitor
  await page.evaluate(() => sessionStorage.clear());
  return new URL(page.url()).pathname.split('/').at(-1);
}

/** Submits the report of a client whose network blocks calls; returns the address of the result. */
async function blockedLineTest(page, lang, { offers }) {
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
  const done = await page.request.post(`${tests}/${id}/result`, { data: { report: { webrtc: true, web } } });
  return (await done.json()).url;
}

/** Submits a sound check; returns the address of the result. */
async function sound(page, lang, found) {
  const stored = await page.request.post(`/${lang}/check/sound`, { form: found, maxRedirects: 0 });
  return stored.headers().location;
}

/** The path of a guide step that contains `part`, found by following answers. */
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

/** All public pages, in one language. */
export async function publicPages(page, lang) {
  measured ??= measure(page);
  const open = await sendReport(page, lang, { caller: 'a-rather-long-account-name@sip.example.org' });
  const account = await sendReport(page, lang, ACCOUNT_REPORT);
  const over = await sendReport(page, lang);
  await page.request.post(subPath(over, '/works'), { form: { submission: randomUUID() } });
  const asked = await sendReport(page, lang, { precision: '30min', day: 'today', time: '0:00', error_text: '' });
  await requestDetail(page, asked, 'time');
  await page.request.post(subPath(asked, '/example'), {
    form: { caller: '101', callee: '0044 20 8190 0322', day: 'yesterday', time: '9:15', error_text: LONG_VALUES.error_text },
  });
  await page.request.post(subPath(asked, '/messages'), { form: { text: 'W'.repeat(300) } });
  const wrong = { caller: '22 122 80 22, 601 555 210', callee: '1234', time: '14:75', email: 'jan.nowak' };
  const incidents = await publishedIncidents(page);
  return {
    'home': visit(`/${lang}`),
    'incidents': visit(`/${lang}/incidents`),
    'incident': visit(`/${lang}/incident/${incidents.now}`),
    'incident: joined': async (at) => {
      await at.goto(`/${lang}/incident/${incidents.now}`);
      await at.locator('form[action$="/join"] .btn').click();
      await at.waitForURL('**?joined');
    },
    'incident: subscription requested': async (at) => {
      await at.goto(`/${lang}/incident/${incidents.now}`);
      await at.locator('#email').fill('ola@example.com');
      await at.locator('form[action$="/follow"] .btn').click();
      await at.locator('#subscription-requested').waitFor();
    },
    'incident: validation error': async (at) => {
      await at.goto(`/${lang}/incident/${incidents.now}`);
      await at.locator('#email').fill('ola');
      await at.locator('form[action$="/follow"] .btn').click();
      await at.locator('#email-feedback').waitFor();
    },
    'incident: past': visit(`/${lang}/incident/${incidents.over}`),
    'report: of an incident': visit(`/${lang}/report?category=outgoing&incident=${incidents.now}`),
    'guide step': visit(`/${lang}/guide/outgoing/yes/abroad`),
    'first guide step': visit(`/${lang}/guide/incoming`),
    'guide step with lamps': visit(await stepWith(page, lang, 'class="lamp-icon')),
    'guide step with a check': visit(await stepWith(page, lang, 'class="check"')),
    'guide on one page': visit(`/${lang}/guide/outgoing?all`),
    'guide: resolved': visit(`/${lang}/guide/outgoing/yes/abroad/fixed`),
    'report: choose category': visit(`/${lang}/report`),
    'report: empty': visit(`/${lang}/report?category=outgoing&trail=outgoing/yes/abroad`),
    'report: account': visit(`/${lang}/report?category=logged-out`),
    'report: sound': visit(`/${lang}/report?category=audio`),
    'report: validation errors': submitForm(`/${lang}/report?category=audio`, wrong, 'main form .btn'),
    'report: validation errors of an account': submitForm(`/${lang}/report?category=logged-out`, { public_ip: '1' }, 'main form .btn'),
    'ticket': visit(open),
    'ticket of an account': visit(account),
    'ticket lookup': visit(`/${lang}/ticket`),
    'ticket lookup: validation errors': submitForm(`/${lang}/ticket`, { reference: 'DZ-1' }, 'main form .btn:not(.secondary)'),
    'ticket with a question': visit(asked),
    'ticket: resolved': visit(over),
    'ticket: empty message': async (at) => {
      await at.goto(open);
      await at.locator('.message-form .btn').first().click();
      await at.locator('#text-feedback').waitFor();
    },
    'ticket: message sent': async (at) => {
      await at.goto(open);
      await at.locator('#text').fill('Od 15:00 jest tak samo.');
      await at.locator('.message-form .btn').first().click();
      await at.waitForURL('**flash=message**');
    },
    'ticket: on another device': async (at) => {
      await at.goto(asked);
      await at.locator('#bookmark ~ details summary').first().click();
    },
    'question': visit(subPath(asked, '/answer/time')),
    'question: validation error': submitForm(subPath(asked, '/answer/time'), { time: '25:00' }, 'main form .btn'),
    'question: closed': visit(subPath(asked, '/answer/message')),
    'example': visit(subPath(open, '/example')),
    'example: validation errors': submitForm(subPath(open, '/example'), { caller: '22 122 80 22, 601 555 210', time: '25:00' }, 'main form .btn'),
    'request a link: validation error': async (at) => {
      await at.goto(`/${lang}/ticket`);
      await at.locator('#email').fill('jan');
      await at.locator('#lost-link ~ form .btn').click();
      await at.locator('.error-summary').waitFor();
    },
    'request a link: sent': async (at) => {
      await at.goto(`/${lang}/ticket`);
      await at.locator('#sent-reference').fill(referenceIn(open));
      await at.locator('#email').fill('nobody@example.com');
      await at.locator('#lost-link ~ form .btn').click();
      await at.locator('.error-summary, .lead').first().waitFor();
    },
    'ticket with a wrong access code': visit(`/${lang}/ticket/${referenceIn(open)}?key=0`),
    'address check': visit(`/${lang}/check/address`),
    'address check: not public': async (at) => {
      await at.setExtraHTTPHeaders({ 'x-forwarded-for': '100.64.3.4' });
      await at.goto(`/${lang}/check/address?trail=logged-out/yes`);
    },
    'address check: blocked': blocked(lang, addressOf(lang, 101)),
    'address check: lifted': blocked(lang, addressOf(lang, 102), lift),
    'address check: blocked again': blocked(lang, addressOf(lang, 103), async (at, ip) => {
      await lift(at);
      await blockAddress(at, ip);
      await at.goto(`/${lang}/check/address?trail=logged-out/yes`);
    }),
    'address check: lift refused': blocked(lang, addressOf(lang, 104), async (at, ip) => {
      await at.request.post(`/${lang}/check/address`, { headers: { 'x-forwarded-for': ip }, form: {} });
      await blockAddress(at, ip);
      await at.locator('form[action$="/check/address"] .btn').first().click();
      await at.locator('.error-summary').waitFor();
    }),
    'address check: blocked network': blocked(
      lang,
      addressOf(lang, 105),
      undefined,
      lang === 'pl' ? '198.51.105.0/24' : '2001:db8:105::/48',
      'abuse',
    ),
    'lamp': visit(`/${lang}/check/lamps`),
    'lamp: grey': visit(`/${lang}/check/lamps?lamp=grey&trail=outgoing/unknown`),
    'lamp: green': visit(`/${lang}/check/lamps?lamp=green`),
    'lamp: none chosen': visit(`/${lang}/check/lamps?show=yes`),
    'message': visit(`/${lang}/check/message`),
    'message: known': visit(`/${lang}/check/message?text=403`),
    'message: no fault': visit(`/${lang}/check/message?text=486+a+potem+brak+%C5%9Brodk%C3%B3w`),
    'message: unknown': visit(`/${lang}/check/message?text=${'W'.repeat(300)}`),
    'message: empty': visit(`/${lang}/check/message?text=`),
    'message: a cause': visit(`/${lang}/check/message/no-lines`),
    'message: hint while typing': async (at) => {
      await at.goto(`/${lang}`);
      await at.locator('[data-message-lookup-url]').fill('abonent czasowo niedostepny');
      if (await at.evaluate(() => matchMedia('(scripting: enabled)').matches)) await at.locator('#message-meaning .understood').waitFor();
    },
    'line test': visit(`/${lang}/check/link`),
    'line test: without its script': withoutScript('line-test-page', `/${lang}/check/link`),
    'line test: connecting': lineTest(lang, () => {}, 'progress'),
    'line test: refused': lineTest(
      lang,
      (route) => route.fulfill({ status: 429, json: { error: 'Z tej sieci było już dużo testów. '.repeat(3) } }),
      '[data-failure-title]:focus',
    ),
    'line test: measured': visit(`/${lang}/check/result/${await measured}`),
    'line test: calls are blocked': visit(await blockedLineTest(page, lang, { offers: true })),
    'line test: no result': visit(await blockedLineTest(page, lang, { offers: false })),
    'sound check': visit(`/${lang}/check/sound`),
    'sound check: without its script': withoutScript('sound-check', `/${lang}/check/sound`),
    'sound check: no microphone': async (at) => {
      await at.goto(`/${lang}/check/sound`);
      await at.locator('[data-listen]').click();
      await at.locator('[data-microphone-result] :is([data-result=none], [data-result=denied]):not([hidden])').waitFor();
      await at.locator('[name=speakers]').last().check();
    },
    'sound check: stored result': visit(await sound(page, lang, { microphone: 'clipped', speakers: 'left' })),
    'number check': visit(`/${lang}/check/number`),
    'number check: abroad': visit(`/${lang}/check/number?number=%2B44+(0)20+8190+0322`),
    'number check: expensive': visit(`/${lang}/check/number?number=701234567`),
    'number check: wrong': visit(`/${lang}/check/number?number=${'9'.repeat(150)}x`),
    'number check: in a guide step': visit(`/${lang}/check/number?trail=outgoing/yes/abroad&in_guide=yes&number=442081900322`),
    'stored result': async (at) => {
      await at.goto(`/${lang}/check/number?number=0044+20+8190+03`);
      await at.locator('a[href*="/check/result/"]').click();
      await at.waitForURL('**/check/result/*');
    },
    'report with check results': async (at) => {
      await at.goto(`/${lang}/check/lamps?lamp=red`);
      await at.locator('.actions a[href*="checks="]').last().click();
      await at.waitForURL('**/report?*');
    },
    'not found': visit(`/${lang}/nothing-there`),
    'sign-in': visit(`/staff/login?lang=${lang}`),
    'sign-in: wrong password': submitForm(`/staff/login?lang=${lang}`, { email: `${lang}@example.com`, password: 'x' }, '.btn'),
    'used one-time link': visit(`/staff/welcome/none?lang=${lang}`),
  };
}
