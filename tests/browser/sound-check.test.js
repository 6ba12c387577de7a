// The sound check with microphones that are good, silent, too loud, forbidden and missing.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertNoBrowserErrors, axeViolations, horizontalOverflow, htmlErrors, launch, openPage } from './browser.js';
import { startPortal } from './server.js';

const RATE = 48_000;

let portal, folder;

before(async () => {
  portal = await startPortal();
  folder = await mkdtemp(path.join(tmpdir(), 'dzwoni-sound-'));
});

after(async () => {
  await portal?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A second of a tone, as a file that Chromium plays into its microphone again and again. */
async function tone(amplitude) {
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
  const file = path.join(folder, `${amplitude}.wav`);
  await writeFile(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
  return file;
}

/** Starts the sound check in a browser with this microphone, then runs `steps` on its page. */
async function withMicrophone(microphone, steps, { allow = true } = {}) {
  const browser = await launch({ microphone });
  try {
    const page = await openPage(browser, portal.url);
    const answers = [];
    page.on('request', (request) => request.method() === 'POST' && answers.push(request.postData()));
    if (allow) await page.context().grantPermissions(['microphone']);
    await page.goto('/pl/check/sound');
    await page.locator('[data-listen]').click();
    await steps(page, answers);
    assertNoBrowserErrors(page);
  } finally {
    await browser.close();
  }
}

const microphoneResult = (page, name) => page.locator(`[data-result=${name}]`).waitFor({ state: 'visible' });

describe('the sound check', () => {
  test('a good microphone: level, recording, playback and a result to attach', async () => {
    await withMicrophone(await tone(0.3), async (page, answers) => {
      await microphoneResult(page, 'listening');
      await microphoneResult(page, 'good');
      const level = await page.locator('#level').evaluate((meter) => meter.value);
      assert.ok(level > -25 && level < -5, `${level} dBFS`);
      assert.ok((await page.locator('#device option:checked').innerText()).length > 0);
      assert.deepEqual(await axeViolations(page), []);

      await page.locator('[data-record]').click();
      await page.locator('[data-recording-status]', { hasText: 'jeszcze 3 sekundy' }).waitFor();
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
      const heading = (await page.locator('h1').innerText()).replaceAll('\u00A0', ' ');
      assert.equal(heading, 'Mikrofon działa, a dźwięk słychać z obu stron');
      await page.locator('a[href*="/report"]').first().click();
      assert.match(await page.locator('main').innerText(), /Test dźwięku/);
    });
  });

  test('a silent microphone', async () => {
    await withMicrophone(await tone(0), async (page) => {
      await microphoneResult(page, 'silent');
      await page.locator('[data-stop-listening]').click();
      await page.locator('[data-listen]:focus').waitFor();
    });
  });

  test('a microphone that is too loud', async () => {
    await withMicrophone(await tone(4), (page) => microphoneResult(page, 'clipped'));
  });

  test('a microphone that is too quiet', async () => {
    await withMicrophone(await tone(0.012), (page) => microphoneResult(page, 'quiet'));
  });

  test('a microphone without permission', async () => {
    await withMicrophone('forbidden', (page) => microphoneResult(page, 'denied'), { allow: false });
  });

  test('a missing microphone', async () => {
    await withMicrophone(undefined, async (page) => {
      await microphoneResult(page, 'none');
      assert.equal(await page.locator('[data-send-result]').isVisible(), true, 'that, too, can be reported');
    });
  });

  test('the sound check is accessible', async () => {
    const browser = await launch();
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
    await browser.close();
  });
});
