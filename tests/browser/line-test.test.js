// The line test over lines with known loss and delay, and the echo call.
// The tests assert loss, verdict and cause: times depend on the load of this machine.

import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, axeViolations, horizontalOverflow, htmlErrors, openPage } from './browser.js';
import { freePort, startRelay } from './relay.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

/** A test takes ten seconds, plus connecting and finishing. */
const TEST_TIMEOUT = 60_000;

let line;

async function serverBehindRelay() {
  const port = await freePort();
  line = await startRelay(port);
  return { settings: { DZWONI_MEDIA_LISTEN: `127.0.0.1:${port}`, DZWONI_MEDIA_PUBLIC: line.address } };
}

useFixtures({ serverOptions: serverBehindRelay, browserOptions: { microphone: 'beeps' } });
afterEach(closeAllPages);
after(() => line?.stop());

/** Runs a test over a line; returns the page of its result, and the report of the client. */
async function runLineTest(conditions, { lang = 'pl', how, at = `/${lang}/check/link` } = {}) {
  line.configure(conditions);
  const page = await openPage(browser, portal.url);
  const report = new Promise((resolve) => {
    page.on('request', (request) => {
      if (request.url().includes('/result') && request.method() === 'POST') resolve(request.postDataJSON().report);
    });
  });
  await page.goto(at);
  if (how) await page.locator(`[name=connection][value=${how}]`).check();
  await page.locator('form[data-state=start] button').click();
  await page.waitForURL('**/check/result/**', { timeout: TEST_TIMEOUT });
  return { page, report: await report };
}

/** Text with plain spaces and hyphens. */
const plain = (text) => text.replaceAll('\u00A0', ' ').replaceAll('\u2011', '-');
const heading = async (page) => plain(await page.locator('h1').innerText());
const explanation = async (page) => plain(await page.locator('h1 + .lead').innerText());

/** A value of the details for support, by its label. */
async function detail(page, name) {
  await page.locator('details.disclosure').evaluate((more) => (more.open = true));
  const row = page.locator('details.disclosure div', { has: page.locator('dt', { hasText: name }) });
  return plain(await row.locator('dd').first().innerText());
}

const DIRECTIONS = { up: 'Od klienta do nas', down: 'Od nas do klienta' };

/** The figures of both directions: packets sent and lost, and the share of late ones. */
async function figures(page) {
  const ways = {};
  for (const [way, name] of Object.entries(DIRECTIONS)) {
    const text = await detail(page, name);
    const [, late] = /spóźnione (\d+,\d)%/.exec(text);
    const [, received, sent] = /doszło (\d+) z (\d+)/.exec(text);
    ways[way] = { sent: Number(sent), lost: sent - received, late: Number(late.replace(',', '.')) };
  }
  return ways;
}

/** Asserts that the measured loss is that of the relay, within a tolerance that grows with the loss. */
async function assertLossMatches(page, tolerance) {
  const measured = await figures(page);
  for (const way of Object.keys(DIRECTIONS)) {
    const [share, real] = [(100 * measured[way].lost) / measured[way].sent, line.loss[way]];
    assert.ok(Math.abs(share - real) <= tolerance, `${way}: measured ${share} %, the line lost ${real} %`);
  }
}

/**
 * Repeats a test until this machine was idle enough: none of these lines makes a packet late, so late packets mean that the
 * machine was busy.
 */
async function runLineTestWhenIdle(context, conditions, options) {
  for (let times = 1; ; times += 1) {
    const all = await runLineTest(conditions, options);
    const { up, down } = await figures(all.page);
    if (up.late + down.late < 1 || times === 4) {
      if (up.late + down.late >= 1) context.diagnostic('this machine is too busy to judge delays');
      return { ...all, isQuiet: up.late + down.late < 1 };
    }
    await all.page.close();
  }
}

async function auditPage(page) {
  assertNoBrowserErrors(page);
  assert.deepEqual(await axeViolations(page), []);
  assert.deepEqual(await htmlErrors(page), []);
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok((await horizontalOverflow(page)) <= 0, `the page is wider than ${width} pixels`);
  }
}

describe('the line test', () => {
  test('a clean line is rated good for calls', async (context) => {
    const { page, report, isQuiet } = await runLineTestWhenIdle(context, {}, { how: 'cable' });
    if (isQuiet) assert.equal(await heading(page), 'To łącze nadaje się do rozmów');
    assert.equal(report.sent, 500);
    const { up, down } = await figures(page);
    assert.deepEqual([up.sent, up.lost, down.sent, down.lost], [500, 0, 500, 0]);
    assert.equal(await page.locator('svg.chart[role=img]').count(), 2);
    assert.equal(await page.locator('svg[role=img] rect.bar').count(), 10);
    assert.match(await page.locator('.small').first().innerText(), /kablem/);
    await auditPage(page);
  });

  test('upstream loss is detected', async (context) => {
    const { page, isQuiet } = await runLineTestWhenIdle(context, { up: { loss: 8, delay: 10 }, down: { delay: 10 } });
    await assertLossMatches(page, 1.2);
    if (isQuiet) assert.equal(await heading(page), 'Rozmowy na tym łączu będą się rwać');
    if (isQuiet) assert.match(await explanation(page), /^Głos od Ciebie gubi się po drodze \([78],\d% pakietów\)/);
    await auditPage(page);
  });

  test('downstream loss is detected', async (context) => {
    const { page, isQuiet } = await runLineTestWhenIdle(context, { up: { delay: 10 }, down: { loss: 8, delay: 10 } });
    await assertLossMatches(page, 1.2);
    if (isQuiet) assert.equal(await heading(page), 'Rozmowy na tym łączu będą się rwać');
    if (isQuiet) assert.match(await explanation(page), /^Głos do Ciebie gubi się po drodze \([78],\d% pakietów\)/);
  });

  test('a long line with little loss still carries a call', async (context) => {
    const far = { loss: 2, delay: 80, jitter: 20 };
    const { page, isQuiet } = await runLineTestWhenIdle(context, { up: far, down: far });
    await assertLossMatches(page, 1.2);
    if (isQuiet) assert.match(await heading(page), /^To łącze nadaje się do rozmów|^Rozmowy będą działać/);
    assert.ok(Number.parseInt(await detail(page, 'Tam i z powrotem'), 10) >= 150);
  });

  test('twenty percent loss makes calls impossible', async () => {
    const bad = { loss: 20, delay: 40 };
    const { page } = await runLineTest({ up: bad, down: bad });
    await assertLossMatches(page, 4);
    assert.equal(await heading(page), 'Na tym łączu nie da się rozmawiać');
    assert.match(await explanation(page), /gubi się po drodze/);
  });

  test('blocked UDP is reported, and the delay is measured by WebSocket', async () => {
    const wall = { loss: 100 };
    const { page, report } = await runLineTest({ up: wall, down: wall });
    assert.equal(await heading(page), 'Ta sieć nie przepuszcza rozmów, choć strony się otwierają');
    assert.match(await explanation(page), /UDP/);
    assert.ok(report.web.length > 50);
    assert.match(await detail(page, 'WebSocket'), /ms/);
    await auditPage(page);
  });

  test('the English test links back to its guide and to the report', async () => {
    const { page } = await runLineTest({}, { at: '/en/check/link?trail=audio' });
    assert.match(await heading(page), /^This line |^Calls /);
    const back = await page.locator('.actions a').first().getAttribute('href');
    assert.match(back, /^\/en\/guide\/audio\?checks=[0-9A-Z]{26}$/);
    await page.locator('.actions a[href*="/report"]').click();
    assert.match(await page.locator('main').innerText(), /Line test/);
    assertNoBrowserErrors(page);
  });

  test('a test can be stopped and repeated, and the history compares tests', async () => {
    line.configure({});
    const page = await openPage(browser, portal.url);
    await page.goto('/pl/check/link');
    const [begin, stop] = ['form[data-state=start] button', '[data-stop]'].map((name) => page.locator(name));
    await begin.click();
    await page.locator('[data-phase]:focus').waitFor();
    await page.locator('[data-phase]', { hasText: 'Mierzymy' }).waitFor();
    await page.locator('svg[data-chart] rect.bar').first().waitFor();
    assert.match(await page.locator('span[data-seconds-left]').innerText(), /sekund/);
    assert.deepEqual(await axeViolations(page), []);
    await stop.click();
    await page.locator('form[data-state=start] button:focus').waitFor();
    assert.equal(await page.locator('[role=status][data-announcement]').innerText(), 'Test został przerwany. Nic nie zapisaliśmy.');
    for (const how of ['wireless', 'cable']) {
      await page.goto('/pl/check/link');
      await page.locator(`[name=connection][value=${how}]`).check();
      await begin.click();
      await page.waitForURL('**/check/result/**', { timeout: TEST_TIMEOUT });
    }
    const rows = page.locator('[data-line-test-history] tbody tr');
    assert.equal(await rows.count(), 2);
    assert.match(await rows.first().innerText(), /kablem/);
    assert.match(await rows.last().innerText(), /Wi.Fi/);
    const [, result] = /result\/(\w+)/.exec(await rows.last().locator('a').getAttribute('href'));
    await page.goto(`/en/check/result/${result}`);
    assert.match(await rows.first().innerText(), /^\d\d:\d\d\s+by cable\s/);
    assert.doesNotMatch(await page.locator('[data-line-test-history]').innerText(), /kablem|łącz|[AP]M/);
    assert.equal(await rows.last().locator('a').getAttribute('href'), `/en/check/result/${result}`);
    await page.goto(`/pl/check/result/${result}`);
    await auditPage(page);
  });

  test('an unreachable portal is reported with a retry button', async () => {
    const page = await openPage(browser, portal.url);
    await page.goto('/pl/check/link');
    await page.route('**/check/link/tests', (route) => route.abort());
    await page.locator('form[data-state=start] button').click();
    await page.locator('[data-failure-title]:focus').waitFor();
    assert.match(await page.locator('[data-failure-reason]').innerText(), /Portal nie odpowiada/);
    assert.deepEqual(await axeViolations(page), []);
    await page.unroute('**/check/link/tests');
    await page.route('**/check/link/tests', (route) => route.fulfill({ status: 503, json: { error: 'Wszystkie miejsca.' } }));
    await page.locator('[data-retry]').click();
    await page.locator('[data-failure-reason]', { hasText: 'Wszystkie miejsca.' }).waitFor();
  });

  test('a test in a hidden tab is discarded', async () => {
    line.configure({});
    const page = await openPage(browser, portal.url);
    await page.goto('/pl/check/link');
    await page.locator('form[data-state=start] button').click();
    await page.locator('svg[data-chart] rect.bar').first().waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await page.waitForURL('**/check/result/**', { timeout: TEST_TIMEOUT });
    assert.equal(await heading(page), 'Nie udało się zmierzyć łącza');
    assert.match(await explanation(page), /Karta z testem zniknęła/);
  });

  test('a test during a suspend is discarded', async () => {
    line.configure({});
    const page = await openPage(browser, portal.url);
    await page.goto('/pl/check/link');
    await page.locator('form[data-state=start] button').click();
    await page.locator('svg[data-chart] rect.bar').first().waitFor();
    // nothing moves for as long as this takes
    await page.evaluate(() => {
      const end = performance.now() + 2_500;
      while (performance.now() < end);
    });
    await page.waitForURL('**/check/result/**', { timeout: TEST_TIMEOUT });
    assert.match(await explanation(page), /zasnął/);
  });

  test('a browser without WebRTC gets the delay and advice', async () => {
    const page = await openPage(browser, portal.url);
    await page.addInitScript(() => delete window.RTCPeerConnection);
    await page.goto('/pl/check/link');
    await page.locator('form[data-state=start] button').click();
    await page.waitForURL('**/check/result/**', { timeout: TEST_TIMEOUT });
    assert.match(await explanation(page), /nie ma WebRTC/);
    assert.match(await page.locator('aside').innerText(), /Firefoksie/);
  });

  test('without JavaScript the page explains it, and results are readable', async () => {
    const { page } = await runLineTest({});
    const without = await openPage(browser, portal.url, { js: false });
    await without.goto(page.url());
    assert.equal(await heading(without), await heading(page));
    assert.equal(await without.locator('svg[role=img]').count(), 2);
    await without.goto('/pl/check/link');
    assert.match(await without.locator('main').innerText(), /wymaga JavaScriptu/);
    assert.equal(await without.locator('form button:visible').count(), 0);
  });

  test('an echo call plays back the microphone', async () => {
    line.configure({ up: { delay: 20 }, down: { delay: 20 } });
    const page = await openPage(browser, portal.url);
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
    await page.locator('[data-start-call]').click();
    await page.locator('[data-call-status]', { hasText: 'Mów.' }).waitFor();
    const audibleCodec = () =>
      page.waitForFunction(async () => {
        for (const one of (await window.connection.getStats()).values()) {
          if (one.type === 'inbound-rtp' && one.packetsReceived > 50 && one.totalAudioEnergy > 0.0001) return one.codecId;
        }
      });
    assert.ok(await audibleCodec());
    assert.match(await page.locator('[data-call-time-left]').innerText(), /sekund/);
    assert.deepEqual(await axeViolations(page), []);
    await page.locator('[data-hang-up]').click();
    await page.locator('[data-start-call]:focus').waitFor();
    assert.match(await page.locator('[data-call-status]').innerText(), /Rozmowa skończona/);
    assertNoBrowserErrors(page);
  });
});
