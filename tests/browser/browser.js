// Starts the browser, opens pages in it, and checks them: accessibility, HTML and horizontal scrolling.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';

const executablePath =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));

const BROWSER_ARGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const OFFLINE_ARGS = ['--disable-component-update', '--disable-sync'];

/** The timeout of one step in milliseconds; everything runs on this machine. */
const TIMEOUT = 15_000;

/** A fake microphone: beeps, or a file in a loop. Each page needs the permission for it. */
function microphoneArgs(microphone) {
  if (!microphone) return [];
  const file = microphone === 'beeps' ? [] : [`--use-file-for-fake-audio-capture=${microphone}`];
  return ['--use-fake-device-for-media-stream', ...file];
}

export function launch({ microphone } = {}) {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // the back/forward cache is tested too
  const ignoreDefaultArgs = ['--disable-back-forward-cache'];
  const args = [...root, ...BROWSER_ARGS, ...OFFLINE_ARGS, ...microphoneArgs(microphone)];
  // the same fonts on every machine
  const env = { ...process.env, FONTCONFIG_FILE: here('fonts.conf') };
  return chromium.launch({ executablePath, ignoreDefaultArgs, args, env });
}

/**
 * Opens a page in a browser context of its own.
 * With `js: false` scripts are off: everything must work without them.
 */
export async function openPage(browser, url, options = {}) {
  const { width = 1280, height = 800, scheme = 'light', js = true, touch = false } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: js,
    hasTouch: touch,
    isMobile: touch,
    locale: 'pl-PL',
    timezoneId: 'Europe/Warsaw',
  });
  context.setDefaultTimeout(TIMEOUT);
  const page = await context.newPage();
  page.errors = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) page.errors.push(`request to another host: ${request.url()}`);
  });
  page.on('console', (message) => {
    // an error status is logged as an error, but is expected by tests
    const isStatusMessage = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
    if (['error', 'warning'].includes(message.type()) && !isStatusMessage) page.errors.push(message.text());
  });
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('response', (response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage && !(response.status() >= 300 && response.status() < 400)) page.lastResponse = response;
  });
  return page;
}

/** Fails on errors logged by the browser: policy violations, missing files, requests to other hosts. */
export function assertNoBrowserErrors(page) {
  assert.deepEqual(page.errors, [], 'the browser logged errors');
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** All violations found by axe-core, one line each; with `onlyColours` only the rules about contrast. */
export async function axeViolations(page, { onlyColours = false } = {}) {
  const runOnly = onlyColours ? { type: 'rule', values: COLOURS } : { type: 'tag', values: TAGS };
  // only violations are collected, and no style sheet is fetched again: both save most of the time
  const options = { runOnly, resultTypes: ['violations'], preload: false };
  // half a megabyte: injected once per page
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (how) => (await window.axe.run(document, how)).violations, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target} ${node.html} ${node.failureSummary}`),
  );
}

// the rules are in .htmlvalidate.mjs
const validator = new HtmlValidate(new FileSystemConfigLoader());

/** Errors in the HTML as it was sent, one line each. */
export async function htmlErrors(page) {
  const source = await page.lastResponse.text();
  const report = await validator.validateString(source, here('page.html'));
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  );
}

/** By how many pixels the page can be scrolled horizontally. */
export function horizontalOverflow(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

/** The bytes of the page with the style sheets, scripts and images that it needs to be shown, as they were sent. */
export const compressedBytes = (page) =>
  page.evaluate(() => {
    const [shown] = performance.getEntriesByType('navigation');
    const parts = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < shown.domContentLoadedEventEnd);
    return [shown, ...parts].reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  });

/** Shows the page in a font of `fonts.conf`, in place of the first one of the style sheet that there is. */
export const setFont = (page, family) => page.evaluate((name) => document.documentElement.style.setProperty('--sans', `"${name}"`), family);

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
