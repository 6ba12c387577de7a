// The ways to a page, and what the portal must hold for the pages to show something.

import { LONG_ADDRESS, act, atTheDesk, referenceIn, send } from './people.js';

/** Mail that comes in: a report, one that tells nothing and is long, a machine's, and what is no mail at all. */
const HEAD = 'To: pomoc@example.com\r\nContent-Type: text/plain; charset=utf-8\r\n';
export const MAIL = [
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

export const to = (path) => (page) => page.goto(path);

/** Fills in a form, field by name, and sends it. */
export const filled = (path, values, button) => async (page) => {
  await page.goto(path);
  for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).first().fill(value);
  await page.locator(button).click();
  await page.waitForLoadState();
};

/** A page as it is where its script does not run. */
export const without = (script, path) => async (page) => {
  await page.route(`**/static/${script}*.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }), { times: 1 });
  await page.goto(path);
};

let known;

/** The numbers of trouble that goes on and of some that is over: published once for everybody who looks. */
export const trouble = (page) => (known ??= publishTrouble(page));

/** Publishes trouble that goes on and some that is over, with texts that are hard to place; gives their numbers. */
async function publishTrouble(page) {
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
