// The line test in a real browser, over lines that are bad in a known way; and the call that says back what it hears.
// What is asserted is loss, verdict and cause: times depend on what else this machine does.

import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';

import { assertQuiet, findings, markupFaults, sideways, visitor } from './browser.js';
import { freePort, relay } from './relay.js';
import { browser, everybodyLeaves, portal, stage } from './stage.js';

/** A test takes ten seconds, its beginning and its end some more. */
const A_TEST = 60_000;

let line;

async function behindTheLine() {
  const port = await freePort();
  line = await relay(port);
  return { settings: { DZWONI_MEDIA_LISTEN: `127.0.0.1:${port}`, DZWONI_MEDIA_PUBLIC: line.address } };
}

stage({ setting: behindTheLine, ears: { microphone: 'beeps' } });
afterEach(everybodyLeaves);
after(() => line?.stop());

/** Runs a test over a line; gives the page with its result, and what the program wrote down. */
async function measured(manners, { lang = 'pl', how, at = `/${lang}/check/link` } = {}) {
  line.become(manners);
  const page = await visitor(browser, portal.url);
  const heard = new Promise((resolve) => {
    page.on('request', (request) => {
      if (request.url().includes('/result') && request.method() === 'POST') resolve(request.postDataJSON().heard);
    });
  });
  await page.goto(at);
  if (how) await page.locator(`[name=connection][value=${how}]`).check();
  await page.locator('form[data-state=start] button').click();
  await page.waitForURL('**/check/result/**', { timeout: A_TEST });
  return { page, heard: await heard };
}

/** As it is read: spaces that keep words together are spaces, hyphens are hyphens. */
const plain = (text) => text.replaceAll('\u00A0', ' ').replaceAll('\u2011', '-');
const said = async (page) => plain(await page.locator('h1').innerText());
const why = async (page) => plain(await page.locator('h1 + .lead').innerText());

/** What support reads, by name. */
async function row(page, name) {
  await page.locator('details.more').evaluate((more) => (more.open = true));
  const row = page.locator('details.more div', { has: page.locator('dt', { hasText: name }) });
  return plain(await row.locator('dd').first().innerText());
}

const WAYS = { up: 'Od klienta do nas', down: 'Od nas do klienta' };

/** What is said of both ways: packets that were sent and that arrived, and the share that came too late. */
async function counted(page) {
  const ways = {};
  for (const [way, name] of Object.entries(WAYS)) {
    const text = await row(page, name);
    const [, late] = /spóźnione (\d+,\d)%/.exec(text);
    const [, received, sent] = /doszło (\d+) z (\d+)/.exec(text);
    ways[way] = { sent: Number(sent), lost: sent - received, late: Number(late.replace(',', '.')) };
  }
  return ways;
}

/** The loss is what the line did, but for what else was in the datagrams, which grows with the loss. */
async function agrees(page, tolerance) {
  const measured = await counted(page);
  for (const way of Object.keys(WAYS)) {
    const [share, real] = [(100 * measured[way].lost) / measured[way].sent, line.counted[way]];
    assert.ok(Math.abs(share - real) <= tolerance, `${way}: measured ${share} %, the line lost ${real} %`);
  }
}

/**
 * Measures until this machine was not busy meanwhile: none of these lines delays a packet so much that it is late, so
 * packets that were are the machine's own.
 */
async function measuredQuietly(story, manners, options) {
  for (let times = 1; ; times += 1) {
    const all = await measured(manners, options);
    const { up, down } = await counted(all.page);
    if (up.late + down.late < 1 || times === 4) {
      if (up.late + down.late >= 1) story.diagnostic('this machine is too busy to judge delays');
      return { ...all, isQuiet: up.late + down.late < 1 };
    }
    await all.page.close();
  }
}

async function isSound(page) {
  assertQuiet(page);
  assert.deepEqual(await findings(page), []);
  assert.deepEqual(await markupFaults(page), []);
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok((await sideways(page)) <= 0, `the page is wider than ${width} pixels`);
  }
}

describe('the line test', () => {
  test('a clean line is good for calls', async (story) => {
    const { page, heard, isQuiet } = await measuredQuietly(story, {}, { how: 'cable' });
    if (isQuiet) assert.equal(await said(page), 'To łącze nadaje się do rozmów');
    assert.equal(heard.sent, 500);
    const { up, down } = await counted(page);
    assert.deepEqual([up.sent, up.lost, down.sent, down.lost], [500, 0, 500, 0]);
    assert.equal(await page.locator('svg.chart[role=img]').count(), 2);
    assert.equal(await page.locator('svg[role=img] rect.col').count(), 10);
    assert.match(await page.locator('.small').first().innerText(), /kablem/);
    await isSound(page);
  });

  test('what you say gets lost', async (story) => {
    const { page, isQuiet } = await measuredQuietly(story, { up: { loss: 8, delay: 10 }, down: { delay: 10 } });
    await agrees(page, 1.2);
    if (isQuiet) assert.equal(await said(page), 'Rozmowy na tym łączu będą się rwać');
    if (isQuiet) assert.match(await why(page), /^Głos od Ciebie gubi się po drodze \([78],\d% pakietów\)/);
    await isSound(page);
  });

  test('what you hear gets lost', async (story) => {
    const { page, isQuiet } = await measuredQuietly(story, { up: { delay: 10 }, down: { loss: 8, delay: 10 } });
    await agrees(page, 1.2);
    if (isQuiet) assert.equal(await said(page), 'Rozmowy na tym łączu będą się rwać');
    if (isQuiet) assert.match(await why(page), /^Głos do Ciebie gubi się po drodze \([78],\d% pakietów\)/);
  });

  test('a far line with a little loss still carries a call', async (story) => {
    const far = { loss: 2, delay: 80, jitter: 20 };
    const { page, isQuiet } = await measuredQuietly(story, { up: far, down: far });
    await agrees(page, 1.2);
    if (isQuiet) assert.match(await said(page), /^To łącze nadaje się do rozmów|^Rozmowy będą działać/);
    assert.ok(Number.parseInt(await row(page, 'Tam i z powrotem'), 10) >= 150);
  });

  test('a fifth of all packets lost is no call', async () => {
    const bad = { loss: 20, delay: 40 };
    const { page } = await measured({ up: bad, down: bad });
    await agrees(page, 4);
    assert.equal(await said(page), 'Na tym łączu nie da się rozmawiać');
    assert.match(await why(page), /gubi się po drodze/);
  });

  test('a network that blocks calls is said so, and the delay is measured another way', async () => {
    const wall = { loss: 100 };
    const { page, heard } = await measured({ up: wall, down: wall });
    assert.equal(await said(page), 'Ta sieć nie przepuszcza rozmów, choć strony się otwierają');
    assert.match(await why(page), /UDP/);
    assert.ok(heard.web.length > 50);
    assert.match(await row(page, 'WebSocket'), /ms/);
    await isSound(page);
  });

  test('English, out of a guide and back into it, and on to a report', async () => {
    const { page } = await measured({}, { at: '/en/check/link?walk=audio' });
    assert.match(await said(page), /^This line |^Calls /);
    const back = await page.locator('.acts a').first().getAttribute('href');
    assert.match(back, /^\/en\/guide\/audio\?checks=[0-9A-Z]{26}$/);
    await page.locator('.acts a[href*="/report"]').click();
    assert.match(await page.locator('main').innerText(), /Line test/);
    assertQuiet(page);
  });

  test('it can be stopped, and done again, and the runs of a visit stand side by side', async () => {
    line.become({});
    const page = await visitor(browser, portal.url);
    await page.goto('/pl/check/link');
    const [begin, stop] = ['form[data-state=start] button', '[data-stop]'].map((name) => page.locator(name));
    await begin.click();
    await page.locator('[data-now]:focus').waitFor();
    await page.locator('[data-now]', { hasText: 'Mierzymy' }).waitFor();
    await page.locator('svg[data-chart] rect.col').first().waitFor();
    assert.match(await page.locator('span[data-left]').innerText(), /sekund/);
    assert.deepEqual(await findings(page), []);
    await stop.click();
    await page.locator('form[data-state=start] button:focus').waitFor();
    assert.equal(await page.locator('[role=status][data-said]').innerText(), 'Test został przerwany. Nic nie zapisaliśmy.');
    for (const how of ['wireless', 'cable']) {
      await page.goto('/pl/check/link');
      await page.locator(`[name=connection][value=${how}]`).check();
      await begin.click();
      await page.waitForURL('**/check/result/**', { timeout: A_TEST });
    }
    const rows = page.locator('[data-runs] tbody tr');
    assert.equal(await rows.count(), 2);
    assert.match(await rows.first().innerText(), /kablem/);
    assert.match(await rows.last().innerText(), /Wi.Fi/);
    const [, result] = /result\/(\w+)/.exec(await rows.last().locator('a').getAttribute('href'));
    await page.goto(`/en/check/result/${result}`);
    assert.match(await rows.first().innerText(), /^\d\d:\d\d\s+by cable\s/);
    assert.doesNotMatch(await page.locator('[data-runs]').innerText(), /kablem|łącz|[AP]M/);
    assert.equal(await rows.last().locator('a').getAttribute('href'), `/en/check/result/${result}`);
    await page.goto(`/pl/check/result/${result}`);
    await isSound(page);
  });

  test('a portal that goes away is said so, with a way to try again', async () => {
    const page = await visitor(browser, portal.url);
    await page.goto('/pl/check/link');
    await page.route('**/check/link/tests', (route) => route.abort());
    await page.locator('form[data-state=start] button').click();
    await page.locator('[data-failed]:focus').waitFor();
    assert.match(await page.locator('[data-why]').innerText(), /Portal nie odpowiada/);
    assert.deepEqual(await findings(page), []);
    await page.unroute('**/check/link/tests');
    await page.route('**/check/link/tests', (route) => route.fulfill({ status: 503, json: { error: 'Wszystkie miejsca.' } }));
    await page.locator('[data-again]').click();
    await page.locator('[data-why]', { hasText: 'Wszystkie miejsca.' }).waitFor();
  });

  test('a tab that goes to the background measures nothing', async () => {
    line.become({});
    const page = await visitor(browser, portal.url);
    await page.goto('/pl/check/link');
    await page.locator('form[data-state=start] button').click();
    await page.locator('svg[data-chart] rect.col').first().waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForURL('**/check/result/**', { timeout: A_TEST });
    assert.equal(await said(page), 'Nie udało się zmierzyć łącza');
    assert.match(await why(page), /Karta z testem zniknęła/);
  });

  test('a computer that falls asleep measures nothing', async () => {
    line.become({});
    const page = await visitor(browser, portal.url);
    await page.goto('/pl/check/link');
    await page.locator('form[data-state=start] button').click();
    await page.locator('svg[data-chart] rect.col').first().waitFor();
    // nothing moves for as long as this takes
    await page.evaluate(() => {
      const end = performance.now() + 2_500;
      while (performance.now() < end);
    });
    await page.waitForURL('**/check/result/**', { timeout: A_TEST });
    assert.match(await why(page), /zasnął/);
  });

  test('a browser without WebRTC gets the delay, and advice', async () => {
    const page = await visitor(browser, portal.url);
    await page.addInitScript(() => delete window.RTCPeerConnection);
    await page.goto('/pl/check/link');
    await page.locator('form[data-state=start] button').click();
    await page.waitForURL('**/check/result/**', { timeout: A_TEST });
    assert.match(await why(page), /nie ma WebRTC/);
    assert.match(await page.locator('aside').innerText(), /Firefoksie/);
  });

  test('without JavaScript it says so, and the result can be read', async () => {
    const { page } = await measured({});
    const without = await visitor(browser, portal.url, { js: false });
    await without.goto(page.url());
    assert.equal(await said(without), await said(page));
    assert.equal(await without.locator('svg[role=img]').count(), 2);
    await without.goto('/pl/check/link');
    assert.match(await without.locator('main').innerText(), /wymaga JavaScriptu/);
    assert.equal(await without.locator('form button:visible').count(), 0);
  });

  test('an echo call says back what the microphone hears', async () => {
    line.become({ up: { delay: 20 }, down: { delay: 20 } });
    const page = await visitor(browser, portal.url);
    await page.context().grantPermissions(['microphone']);
    await page.goto('/pl/check/link');
    // watches what comes back
    await page.evaluate(() => {
      const { prototype } = RTCPeerConnection;
      const original = prototype.setRemoteDescription;
      prototype.setRemoteDescription = function (...given) {
        window.connection = this;
        return original.apply(this, given);
      };
    });
    await page.locator('[data-ring]').click();
    await page.locator('[data-state-of-call]', { hasText: 'Mów.' }).waitFor();
    const heard = () =>
      page.waitForFunction(async () => {
        for (const one of (await window.connection.getStats()).values()) {
          if (one.type === 'inbound-rtp' && one.packetsReceived > 50 && one.totalAudioEnergy > 0.0001) return one.codecId;
        }
      });
    assert.ok(await heard());
    assert.match(await page.locator('[data-left-of-call]').innerText(), /sekund/);
    assert.deepEqual(await findings(page), []);
    await page.locator('[data-hang-up]').click();
    await page.locator('[data-ring]:focus').waitFor();
    assert.match(await page.locator('[data-state-of-call]').innerText(), /Rozmowa skończona/);
    assertQuiet(page);
  });
});
