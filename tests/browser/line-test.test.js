// The line test and the echo call. What a line does to the figures and the verdict is tested in simulated time
// (`crates/line_test`) and from stored results (`tests/it/line_test.rs`): a browser on a busy machine cannot measure it.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, axeViolations, horizontalOverflow, htmlErrors, openPage } from './browser.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';
import { changeLineTests } from './scenarios.js';

/** Connecting and finishing may take long on a busy machine. */
const TEST_TIMEOUT = 60_000;
/** Longer than the page waits for a connection, in milliseconds. */
const CONNECT_TIMEOUT = 5_100;
/** Longer than the test over a WebSocket, in milliseconds. */
const WEBSOCKET_TEST = 5_100;

useFixtures({ browserOptions: { microphone: 'beeps' } });
afterEach(closeAllPages);

/** Opens the page of the line test; a test takes one second. */
async function openLineTest(at = '/pl/check/link', change = undefined) {
  const page = await openPage(browser, portal.url);
  await changeLineTests(page, change);
  await page.goto(at);
  return page;
}

const begin = (page) => page.locator('form[data-state=start] button').click();
const phase = (page, text) => page.locator('[data-phase]', { hasText: text });
const resultPage = (page) => page.waitForURL('**/check/result/**', { timeout: TEST_TIMEOUT });

/** The report that the page will send. */
const clientReport = async (page) => {
  const request = await page.waitForRequest((one) => one.url().includes('/result') && one.method() === 'POST', { timeout: TEST_TIMEOUT });
  return request.postDataJSON().report;
};

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

/** How many packets of both directions were sent and arrived. */
async function figures(page) {
  const counts = async (name) => /doszło (\d+) z (\d+)/.exec(await detail(page, name)).slice(1).map(Number);
  const [up, down] = [await counts('Od klienta do nas'), await counts('Od nas do klienta')];
  return { up: { received: up[0], sent: up[1] }, down: { received: down[0], sent: down[1] } };
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
  test('a test ends with its result', async () => {
    let seconds;
    const page = await openLineTest('/pl/check/link', (session) => {
      ({ seconds } = session);
      return { ...session, seconds: 1 };
    });
    await page.locator('[name=connection][value=cable]').check();
    const sent = clientReport(page);
    await begin(page);
    await resultPage(page);
    const { sent: probes, echoes } = await sent;
    assert.deepEqual({ seconds, probes }, { seconds: 10, probes: 50 }, 'fifty probes a second, for ten seconds by default');
    const { up, down } = await figures(page);
    assert.equal(up.sent, probes);
    assert.equal(down.received, echoes.length);
    assert.equal(await page.locator('svg.chart[role=img]').count(), 2);
    assert.match(await page.locator('.small').first().innerText(), /kablem/);
    await auditPage(page);
  });

  test('the result shows in which direction packets were lost', async () => {
    const page = await openLineTest();
    // every tenth echo is lost on its way to the browser
    let kept;
    await page.route('**/result', async (route) => {
      const { report, ...rest } = route.request().postDataJSON();
      kept = report.echoes.filter(([number]) => number % 10 !== 0);
      await route.continue({ postData: JSON.stringify({ ...rest, report: { ...report, echoes: kept } }) });
    });
    await begin(page);
    await resultPage(page);
    assert.ok(kept.length > 0);
    assert.deepEqual(await figures(page), { up: { received: 50, sent: 50 }, down: { received: kept.length, sent: 50 } });
    await auditPage(page);
  });

  test('blocked UDP is reported, and the delay is measured by WebSocket', async () => {
    // a port that answers nothing, as behind a firewall
    const firewall = createSocket('udp4');
    await new Promise((done) => firewall.bind(0, '127.0.0.1', done));
    const blocked = (session) => ({ ...session, sdp: session.sdp.replaceAll(/( udp \d+ \S+) \d+/g, `$1 ${firewall.address().port}`) });
    const page = await openPage(browser, portal.url);
    await page.clock.install();
    await changeLineTests(page, blocked);
    await page.goto('/pl/check/link');
    const sent = clientReport(page);
    const answered = page.waitForResponse('**/check/link/tests');
    await begin(page);
    await answered;
    await page.clock.runFor(CONNECT_TIMEOUT);
    await phase(page, 'Mierzymy inną').waitFor();
    await page.clock.runFor(WEBSOCKET_TEST);
    await resultPage(page);
    firewall.close();
    assert.equal(await heading(page), 'Ta sieć nie przepuszcza rozmów, choć strony się otwierają');
    assert.match(await explanation(page), /UDP/);
    assert.ok((await sent).web.length > 0);
    assert.match(await detail(page, 'WebSocket'), /ms/);
    await auditPage(page);
  });

  test('the English test links back to its guide and to the report', async () => {
    const page = await openLineTest('/en/check/link?trail=audio');
    await begin(page);
    await resultPage(page);
    const back = await page.locator('.actions a').first().getAttribute('href');
    assert.match(back, /^\/en\/guide\/audio\?checks=[0-9A-Z]{26}$/);
    await page.locator('.actions a[href*="/report"]').click();
    assert.match(await page.locator('main').innerText(), /Line test/);
    assertNoBrowserErrors(page);
  });

  test('a test can be stopped and repeated, and the history compares tests', async () => {
    let seconds = 10;
    const page = await openLineTest('/pl/check/link', (session) => ({ ...session, seconds }));
    await begin(page);
    await page.locator('[data-phase]:focus').waitFor();
    await phase(page, 'Mierzymy').waitFor();
    await page.locator('svg[data-chart] rect.bar').first().waitFor();
    assert.match(await page.locator('span[data-seconds-left]').innerText(), /sekund/);
    assert.deepEqual(await axeViolations(page), []);
    await page.locator('[data-stop]').click();
    await page.locator('form[data-state=start] button:focus').waitFor();
    assert.equal(await page.locator('[role=status][data-announcement]').innerText(), 'Test został przerwany. Nic nie zapisaliśmy.');
    seconds = 1;
    for (const how of ['wireless', 'cable']) {
      await page.goto('/pl/check/link');
      await page.locator(`[name=connection][value=${how}]`).check();
      await begin(page);
      await resultPage(page);
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
    const page = await openLineTest('/pl/check/link', (session) => session);
    await begin(page);
    await phase(page, 'Mierzymy').waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await resultPage(page);
    assert.equal(await heading(page), 'Nie udało się zmierzyć łącza');
    assert.match(await explanation(page), /Karta z testem zniknęła/);
  });

  test('a test during a suspend is discarded', async () => {
    const page = await openPage(browser, portal.url);
    await page.clock.install();
    await page.goto('/pl/check/link');
    await begin(page);
    await phase(page, 'Mierzymy').waitFor();
    await page.clock.fastForward(3_000);
    await resultPage(page);
    assert.match(await explanation(page), /zasnął/);
  });

  test('a browser without WebRTC gets the delay and advice', async () => {
    const page = await openPage(browser, portal.url);
    await page.clock.install();
    await page.addInitScript(() => delete window.RTCPeerConnection);
    await page.goto('/pl/check/link');
    await begin(page);
    await phase(page, 'Mierzymy inną').waitFor();
    await page.clock.runFor(WEBSOCKET_TEST);
    await resultPage(page);
    assert.match(await explanation(page), /nie ma WebRTC/);
    assert.match(await page.locator('aside').innerText(), /Firefoksie/);
  });

  test('without JavaScript the page explains it, and results are readable', async () => {
    const page = await openLineTest();
    await begin(page);
    await resultPage(page);
    const without = await openPage(browser, portal.url, { js: false });
    await without.goto(page.url());
    assert.equal(await heading(without), await heading(page));
    assert.equal(await without.locator('svg[role=img]').count(), 2);
    await without.goto('/pl/check/link');
    assert.match(await without.locator('main').innerText(), /wymaga JavaScriptu/);
    assert.equal(await without.locator('form button:visible').count(), 0);
  });

  test('an echo call plays back the microphone', async () => {
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
          if (one.type === 'inbound-rtp' && one.packetsReceived > 0 && one.totalAudioEnergy > 0.0001) return one.codecId;
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
