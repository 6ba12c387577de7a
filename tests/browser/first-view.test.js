// What the first view of a page sends over the network.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';

import { portal, useFixtures } from './fixtures.js';

useFixtures();

test('the home page fits into the initial congestion window of 14 KiB', async () => {
  const html = await (await fetch(`${portal.url}/pl`)).text();
  const [css] = /\/static\/[^"]+\.css/.exec(html);
  const [js] = /\/static\/[^"]+\.js/.exec(html);
  const sizes = await Promise.all(['/pl', css, js].map((address) => compressedSize(portal.url + address)));
  assert.ok(sizes.reduce((sum, size) => sum + size) < 14 * 1024, `HTML, CSS and JavaScript have ${sizes} bytes`);
});

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
