// The fixtures of a test file: a portal and a browser, started before its first test and stopped after its last.

import { after, before } from 'node:test';

import { launch } from './browser.js';
import { startPortal } from './server.js';

/** Each test file runs in its own process, so these are not shared. */
export let portal, browser;

/**
 * Call it once, at the top of a test file. `serverOptions` are those of `startPortal`, or a function that returns them,
 * `browserOptions` those of `launch`; `setUp` runs before the first test, once both are ready.
 */
export function useFixtures({ serverOptions = {}, browserOptions = {}, setUp = async () => {} } = {}) {
  before(async () => {
    portal = await startPortal(typeof serverOptions === 'function' ? await serverOptions() : serverOptions);
    browser = await launch(browserOptions);
    await setUp();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
  });
}

/** For `afterEach`: no page stays open for the next test. */
export async function closeAllPages() {
  for (const context of browser.contexts()) await context.close();
}
