// The sound check with microphones that are good, silent, too loud, forbidden and missing.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertQuiet, findings, launch, markupFaults, sideways, visitor } from './browser.js';
import { start } from './server.js';

const RATE = 48_000;

let portal, folder;

before(async () => {
  portal = await start();
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

/** Opens the page in a browser with this microphone, presses the button, and hands the page over. */
async function hearing(microphone, story, { allow = true } = {}) {
  const browser = await launch({ microphone });
  try {
    const page = await visitor(browser, portal.url);
    const answers = [];
    page.on('request', (request) => request.method() === 'POST' && answers.push(request.postData()));
    if (allow) await page.context().grantPermissions(['microphone']);
    await page.goto('/pl/check/sound');
    await page.locator('[data-listen]').click();
    await story(page, answers);
    assertQuiet(page);
  } finally {
    await browser.close();
  }
}

const found = (page, name) => page.locator(`[data-is=${name}]`).waitFor({ state: 'visible' });

describe('the sound check', () => {
  test('a good microphone: level, recording, playback, and a result to take along', async () => {
    await hearing(await tone(0.3), async (page, answers) => {
      await found(page, 'listening');
      await found(page, 'good');
      const level = await page.locator('#level').evaluate((meter) => meter.value);
      assert.ok(level > -25 && level < -5, `${level} dBFS`);
      assert.ok((await page.locator('#device option:checked').innerText()).length > 0);
      assert.deepEqual(await findings(page), []);

      await page.locator('[data-record]').click();
      await page.locator('[data-recorder]', { hasText: 'jeszcze 3 sekundy' }).waitFor();
      await page.locator('[data-play]').click();
      await page.locator('[data-recorder]', { hasText: 'Odtwarzamy' }).waitFor();
      await page.locator('[data-recorder]', { hasText: 'Nagranie gotowe' }).waitFor();

      for (const side of ['-1', '1']) await page.locator(`[data-tone="${side}"]`).click();
      assert.deepEqual(answers, [], 'nothing leaves the page by itself');
      await page.locator('[name=speakers][value=both]').check();
      assert.equal(await page.locator('.btn:not(.quiet):visible').count(), 1, 'one button is the first choice');
      await page.locator('[data-send] button').click();
      await page.waitForURL('**/check/result/**');
      assert.deepEqual(answers, ['microphone=good&speakers=both']);
      const said = (await page.locator('h1').innerText()).replaceAll('\u00A0', ' ');
      assert.equal(said, 'Mikrofon działa, a dźwięk słychać z obu stron');
      await page.locator('a[href*="/report"]').first().click();
      assert.match(await page.locator('main').innerText(), /Test dźwięku/);
    });
  });

  test('a silent microphone', async () => {
    await hearing(await tone(0), async (page) => {
      await found(page, 'silent');
      await page.locator('[data-enough]').click();
      await page.locator('[data-listen]:focus').waitFor();
    });
  });

  test('a microphone that is too loud', async () => {
    await hearing(await tone(4), (page) => found(page, 'clipped'));
  });

  test('a microphone that nobody can hear well', async () => {
    await hearing(await tone(0.012), (page) => found(page, 'quiet'));
  });

  test('no permission', async () => {
    await hearing('forbidden', (page) => found(page, 'denied'), { allow: false });
  });

  test('no microphone at all', async () => {
    await hearing(undefined, async (page) => {
      await found(page, 'none');
      assert.equal(await page.locator('[data-send]').isVisible(), true, 'that, too, can be reported');
    });
  });

  test('everybody can use the page', async () => {
    const browser = await launch();
    const page = await visitor(browser, portal.url);
    for (const [lang, width] of [['pl', 1280], ['en', 360]]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`/${lang}/check/sound`);
      assert.deepEqual(await findings(page), []);
      assert.deepEqual(await markupFaults(page), []);
      assert.ok((await sideways(page)) <= 0);
    }
    assertQuiet(page);
    const plain = await visitor(browser, portal.url, { js: false });
    await plain.goto('/pl/check/sound');
    assert.match(await plain.locator('main').innerText(), /wymaga JavaScriptu/);
    assert.equal(await plain.locator('form button:visible').count(), 0);
    await browser.close();
  });
});
