// Helpers that bring a page into a state, and the data that the pages need.

import { LONG_ADDRESS, performAction, referenceIn, sendReport, signedInPage } from './actors.js';

/** Inbound mail: a report, a very long message without details, an automatic reply, and text that is no message. */
const HEAD = 'To: pomoc@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n';
export const INBOUND_MAIL = [
  `From: Jan Nowak <jan.nowak@example.com>\r\nSubject: Nie mogę zadzwonić\r\nMIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r
Dzień dobry,\r\nwczoraj o 14:05 z numeru 22 555 01 20 na 0044 20 8190 0322 słyszę „503 Service Unavailable”.\r\n\r
W dniu 19.11.2026 BOK pisze:\r\n> Proszę podać numery.\r\n--b\r\nContent-Type: image/png; name=zrzut-ekranu.png\r
Content-Disposition: attachment\r\n\r\nPNG\r\n--b--\r\n`,
  `From: ${LONG_ADDRESS}\r\nSubject: ${'Pilne'.repeat(60)}\r\n${HEAD}\r\n${'x'.repeat(5000)}`,
  `From: robot@example.com\r\nSubject: Urlop\r\nAuto-Submitted: auto-replied\r\n${HEAD}\r\nWracam w poniedziałek.`,
  'to nie jest wiadomość',
];

/** The options of the portal for these pages: it trusts forwarded addresses and has inbound mail. */
export const SERVER_OPTIONS = { settings: { DZWONI_TRUSTED_PROXIES: '127.0.0.1' }, mail: INBOUND_MAIL };

export const visit = (path) => (page) => page.goto(path);

/** Fills in a form by field name and submits it. */
export const submitForm = (path, values, button) => async (page) => {
  await page.goto(path);
  for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).first().fill(value);
  await page.locator(button).click();
  await page.waitForLoadState();
};

/** Opens a page whose script does not load. */
export const withoutScript = (script, path) => async (page) => {
  await page.route(`**/static/${script}*.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }), { times: 1 });
  await page.goto(path);
};

/** Changes what the portal answers when a line test begins. By default the test takes one second, enough for a verdict. */
export const changeLineTests = (page, change = (session) => ({ ...session, seconds: 1 })) =>
  page.route('**/check/link/tests', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });

let cached;

/** The numbers of a current and of a past incident, published once. */
export const publishedIncidents = (page) => (cached ??= publishIncidents(page));

/** Publishes a current and a past incident with very long texts; returns their numbers. */
async function publishIncidents(page) {
  const { origin } = new URL((await page.request.get('/healthz')).url());
  const desk = await signedInPage(page.context().browser(), origin);
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
    await desk.locator('#send-update').waitFor();
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
  const reference = referenceIn(await sendReport(page));
  await performAction(desk, reference, 'incident', { incident: now });
  await desk.context().close();
  return { now, over };
}
