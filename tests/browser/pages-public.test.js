// Looks over every page that anybody can see.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';

import { visitor } from './browser.js';
import { lookOver } from './look-over.js';
import { publicPages } from './public-pages.js';
import { browser, portal, stage } from './stage.js';
import { SETTING } from './ways.js';

stage({ setting: SETTING });

test('a first view fits into the first packets of a connection', async () => {
  const html = await (await fetch(`${portal.url}/pl`)).text();
  const [css] = /\/static\/[^"]+\.css/.exec(html);
  const [js] = /\/static\/[^"]+\.js/.exec(html);
  const sizes = await Promise.all(['/pl', css, js].map((address) => compressedSize(portal.url + address)));
  assert.ok(sizes.reduce((sum, size) => sum + size) < 14 * 1024, `HTML, CSS and JavaScript have ${sizes} bytes`);
});

for (const lang of ['pl', 'en']) {
  test(`public pages, ${lang}`, async (story) => {
    const page = await visitor(browser, portal.url);
    await lookOver(story, page, lang, await publicPages(page, lang));
  });
}

function compressedSize(address) {
  return new Promise((resolve, reject) => {
    get(address, { headers: { 'accept-encoding': 'br' } }, async (answer) => {
      let size = 0;
      for await (const chunk of answer) size += chunk.length;
      if (answer.headers['content-encoding'] === 'br') resolve(size);
      else reject(new Error(`${address} is not compressed`));
    }).on('error', reject);
  });
}
