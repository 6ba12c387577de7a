// The browser, people who use it, and the eyes that look over every page they see.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { chromium } from 'playwright-core';

const executablePath =
  process.env.CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));

const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const ALONE = ['--disable-component-update', '--disable-sync'];

/** Patience with one step of a story, in milliseconds; everything is on this machine. */
const PATIENCE = 15_000;

/** What a browser without a sound card hears: beeps, a file again and again, or a microphone that is not allowed. */
function ears(microphone) {
  if (!microphone) return [];
  const fake = '--use-fake-device-for-media-stream';
  if (microphone === 'forbidden') return [fake];
  const file = microphone === 'beeps' ? [] : [`--use-file-for-fake-audio-capture=${microphone}`];
  return [fake, '--use-fake-ui-for-media-stream', ...file];
}

export function launch({ microphone } = {}) {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // pages kept for "Back" are part of what people have, so they are part of what is tested
  const ignoreDefaultArgs = ['--disable-back-forward-cache'];
  return chromium.launch({ executablePath, ignoreDefaultArgs, args: [...root, ...QUIET, ...ALONE, ...ears(microphone)] });
}

/**
 * A person with a browser of their own; gives their page.
 * `js: false` is the portal's promise: everything works without.
 */
export async function visitor(browser, url, options = {}) {
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
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.complaints = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) page.complaints.push(`asks a stranger: ${request.url()}`);
  });
  page.on('console', (message) => {
    // an error page is an answer, not a fault of the page
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded with a status of 4');
    if (['error', 'warning'].includes(message.type()) && !isAnswer) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('response', (response) => {
    const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isPage && !(response.status() >= 300 && response.status() < 400)) page.answer = response;
  });
  return page;
}

/** What the browser itself had to complain about: a broken policy, a missing file, a stranger asked. */
export function assertQuiet(page) {
  assert.deepEqual(page.complaints, [], 'the browser complains');
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Everything axe-core looks for, one line a finding; where only the colours are others, only what they can break. */
export async function findings(page, { onlyColours = false } = {}) {
  const runOnly = onlyColours ? { type: 'rule', values: COLOURS } : { type: 'tag', values: TAGS };
  // only what is wrong is written down, and no style sheet is fetched again: both save most of the time
  const options = { runOnly, resultTypes: ['violations'], preload: false };
  // half a megabyte: once for all views of a page
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (how) => (await window.axe.run(document, how)).violations, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target} ${node.html} ${node.failureSummary}`),
  );
}

// its rules, with the reasons for those that are off, are in .htmlvalidate.mjs
const validator = new HtmlValidate(new FileSystemConfigLoader());

/** What is wrong with the HTML as it was sent, one line each. */
export async function markupFaults(page) {
  const source = await page.answer.text();
  const report = await validator.validateString(source, here('page.html'));
  return report.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  );
}

/** How many pixels the page can be pushed sideways. */
export function sideways(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
}

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
