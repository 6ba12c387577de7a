// Where the stories of a file take place: a portal and a browser, there before the first and gone after the last.

import { after, before } from 'node:test';

import { launch } from './browser.js';
import { start } from './server.js';

/** Each file has a process of its own, so these are its own. */
export let portal, browser;

/**
 * To be called once, at the top of a file. `setting` is what `start` takes, or a function that makes it, `ears` what
 * `launch` takes; `begin` is what is done before the first story, once both are there.
 */
export function stage({ setting = {}, ears = {}, begin = async () => {} } = {}) {
  before(async () => {
    portal = await start(typeof setting === 'function' ? await setting() : setting);
    browser = await launch(ears);
    await begin();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });
}

/** For `afterEach`: nobody of one story is there in the next. */
export async function everybodyLeaves() {
  for (const context of browser.contexts()) await context.close();
}
