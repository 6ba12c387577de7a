// The sound check with microphones that are good, silent, too loud, forbidden and missing.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, describe, test } from 'node:test';

import { assertNoBrowserErrors, axeViolations, horizontalOverflow, htmlErrors, launch, openPage } from './browser.js';
import { browser, closeAllPages, portal, useFixtures } from './fixtures.js';

const RATE = 48_000;

/** The page listens for this long before it says what it found, in milliseconds. */
const LISTENING = 3_000;

const folder = await mkdtemp(path.join(tmpdir(), 'dzwoni-sound-'));
/** Chromium reads this file anew whenever the microphone is opened. */
const microphone = path.join(folder, 'microphone.wav');

useFixtures({ browserOptions: { microphone } });
afterEach(closeAllPages);
after(() => rm(folder, { recursive: true, force: true }));

/** The microphone hears a second of a tone again and again. */
async function hearTone(amplitude) {
  const samples = Int16Array.from({ length: RATE }, (_, at) => {
    const value = amplitude * Math.sin((2 * Math.PI * 300 * at) / RATE);
    return Math.round(Math.max(-1, Math.min(1, value)) * 32_767);
  });
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  await writeFile(microphone, Buffer.concat([header, Buffer.from(samples.buffer)]));
}

/** Starts the sound check in a browser, with or without permission for the microphone. */
async function startSoundCheck({ from = browser, allow = true } = {}) {
  const page = await openPage(from, portal.url);
  await page.clock.install();
  if (allow) await page.context().grantPermissions(['microphone']);
  await page.goto('/pl/check/sound');
  await page.locator('[data-listen]').click();
  return page;
}

/** Starts the sound check with a tone in the microphone, and lets the time pass that the page listens. */
async function listenTo(amplitude) {
  await hearTone(amplitude);
  const page = await startSoundCheck();
  await microphoneResult(page, 'listening');
  if (amplitude > 0) await page.waitForFunction(() => document.querySelector('#level').value > document.querySelector('#level').min);
  await page.clock.runFor(LISTENING);
  return page;
}

const microphoneResult = (page, name) => page.locator(`[data-result=${name}]`).waitFor({ state: 'visible' });

describe('the sound check', () => {
  test('a good microphone: level, recording, playback and a result to attach', async () => {
    const page = await listenTo(0.3);
    const answers = [];
    page.on('request', (request) => request.method() === 'POST' && answers.push(request.postData()));
    await microphoneResult(page, 'good');
    const level = await page.locator('#level').evaluate((meter) => meter.value);
    assert.ok(level > -25 && level < -5, `${level} dBFS`);
    assert.ok((await page.locator('#device option:checked').innerText()).length > 0);
    assert.deepEqual(await axeViolations(page), []);

    await page.locator('[data-record]').click();
    await page.locator('[data-recording-status]', { hasText: 'jeszcze 4 sekundy' }).waitFor();
    await page.clock.fastForward(4_000);
    await page.locator('[data-play]').click();
    await page.locator('[data-recording-status]', { hasText: 'Odtwarzamy' }).waitFor();
    await page.locator('[data-recording-status]', { hasText: 'Nagranie gotowe' }).waitFor();

    for (const side of ['-1', '1']) await page.locator(`[data-tone="${side}"]`).click();
    assert.deepEqual(answers, [], 'nothing leaves the page by itself');
    await page.locator('[name=speakers][value=both]').check();
    assert.equal(await page.locator('.btn:not(.secondary):visible').count(), 1, 'one button is the first choice');
    await page.locator('[data-send-result] button').click();
    await page.waitForURL('**/check/result/**');
    assert.deepEqual(answers, ['microphone=good&speakers=both']);
    const said = (await page.locator('h1').innerText()).replaceAll('\u00A0', ' ');
    assert.equal(said, 'Mikrofon działa, a dźwięk słychać z obu stron');
    await page.locator('a[href*="/report"]').first().click();
    assert.match(await page.locator('main').innerText(), /Test dźwięku/);
    assertNoBrowserErrors(page);
  });

  test('a silent microphone', async () => {
    const page = await listenTo(0);
    await microphoneResult(page, 'silent');
    await page.locator('[data-stop-listening]').click();
    await page.locator('[data-listen]:focus').waitFor();
    assertNoBrowserErrors(page);
  });

  for (const [name, amplitude, found] of [['too loud', 4, 'clipped'], ['too quiet', 0.012, 'quiet']]) {
    test(`a microphone that is ${name}`, async () => {
      const page = await listenTo(amplitude);
      await microphoneResult(page, found);
      assertNoBrowserErrors(page);
    });
  }

  test('a microphone without permission', async () => {
    const page = await startSoundCheck({ allow: false });
    await microphoneResult(page, 'denied');
    assertNoBrowserErrors(page);
  });

  test('a missing microphone', async () => {
    const silent = await launch();
    try {
      const page = await startSoundCheck({ from: silent });
      await microphoneResult(page, 'none');
      assert.equal(await page.locator('[data-send-result]').isVisible(), true, 'that, too, can be reported');
      assertNoBrowserErrors(page);
    } finally {
      await silent.close();
    }
  });

  test('the sound check is accessible', async () => {
    const page = await openPage(browser, portal.url);
    for (const [lang, width] of [['pl', 1280], ['en', 360]]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`/${lang}/check/sound`);
      assert.deepEqual(await axeViolations(page), []);
      assert.deepEqual(await htmlErrors(page), []);
      assert.ok((await horizontalOverflow(page)) <= 0);
    }
    assertNoBrowserErrors(page);
    const plain = await openPage(browser, portal.url, { js: false });
    await plain.goto('/pl/check/sound');
    assert.match(await plain.locator('main').innerText(), /wymaga JavaScriptu/);
    assert.equal(await plain.locator('form button:visible').count(), 0);
  });
});
