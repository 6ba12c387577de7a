// The page of the line test: a start button, a countdown, a growing chart, then the page of the result.
// Markup: <div data-line-test-url="…" data-query="?…" data-seconds-left="0 s|1 s|…">

const SVG = 'http://www.w3.org/2000/svg';
const [TOP, AXIS] = [15, 100];
const SCALES = [100, 200, 500, 1000, 2000, 5000, 10_000];

const page = document.querySelector('[data-line-test-url]');
const find = (name) => page.querySelector(`[data-${name}]`);
const form = page.querySelector('form[data-state="start"]');
const timeLeftTexts = page.dataset.secondsLeft.split('|');
const progress = page.querySelector('progress');
const chart = find('chart');
const phaseHeading = find('phase');

let control;
let timer;
let measured = [];
let totalSeconds = 10;

function showState(state) {
  for (const section of page.querySelectorAll('[data-state]')) section.hidden = section.dataset.state !== state;
}

const announce = (text) => (find('announcement').textContent = text);

function showPhase(phase, duration) {
  phaseHeading.textContent = phaseHeading.dataset[phase];
  announce(phaseHeading.textContent);
  clearInterval(timer);
  find('seconds-left').textContent = '';
  if (duration === 0) {
    // the duration of this phase is not known
    if (phase === 'connecting') progress.removeAttribute('value');
    else progress.value = progress.max;
    return;
  }
  totalSeconds = duration;
  draw();
  const startedAt = performance.now();
  progress.max = duration;
  const tick = () => {
    const elapsed = Math.min((performance.now() - startedAt) / 1000, duration);
    progress.value = elapsed;
    find('seconds-left').textContent = timeLeftTexts[Math.ceil(duration - elapsed)] ?? '';
  };
  tick();
  timer = setInterval(tick, 250);
}

function addSecond(at, time, isLost) {
  measured[at] = { time, isLost };
  draw();
}

/** One column per second; grey ones are still to come. */
function draw() {
  const highest = Math.max(0, ...measured.map((one) => one?.time ?? 0));
  const scaleMax = SCALES.find((step) => highest <= step) ?? SCALES.at(-1);
  const parts = [];
  const add = (name, values, text = '') => {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(values)) part.setAttribute(key, value);
    part.textContent = text;
    parts.push(part);
    return part;
  };
  for (const [y, ms] of [[(TOP + AXIS) / 2, scaleMax / 2], [TOP, scaleMax]]) {
    add('line', { class: 'grid', x1: 0, x2: '100%', y1: y, y2: y });
    add('text', { x: '100%', y: y - 4, 'text-anchor': 'end' }, `${ms}\u00A0ms`);
  }
  const step = 100 / totalSeconds;
  for (let at = 0; at < totalSeconds; at += 1) {
    const one = measured[at];
    const height = one ? Math.min(AXIS - TOP, Math.max(2, ((one.time ?? 0) / scaleMax) * (AXIS - TOP))) : 12;
    const x = `${at * step + step * 0.15}%`;
    add('rect', { class: one ? 'bar' : 'pending', x, y: AXIS - height, width: `${step * 0.7}%`, height, rx: 1.5 });
    if (one?.isLost) {
      const mark = add('svg', { x: `${(at + 0.5) * step}%`, y: 111, overflow: 'visible' });
      const cross = document.createElementNS(SVG, 'path');
      cross.setAttribute('class', 'loss');
      cross.setAttribute('d', 'M-4-4 4 4M4-4-4 4');
      mark.append(cross);
    }
  }
  add('line', { class: 'axis', x1: 0, x2: '100%', y1: AXIS, y2: AXIS });
  add('text', { x: '0%', y: 134, 'text-anchor': 'start' }, '0\u00A0s');
  add('text', { x: '100%', y: 134, 'text-anchor': 'end' }, `${totalSeconds}\u00A0s`);
  chart.replaceChildren(...parts);
}

async function start() {
  if (control) return;
  control = new AbortController();
  measured = [];
  totalSeconds = 10;
  draw();
  showState('running');
  phaseHeading.focus();
  const chosen = form.querySelector('[name=connection]:checked');
  let client;
  try {
    // loaded only now, so that the page itself is shown sooner
    client = await import('./line-test-client.js');
    const result = await client.run({
      testsUrl: page.dataset.lineTestUrl,
      query: page.dataset.query,
      connection: chosen?.value || null,
      onPhase: showPhase,
      onSecond: addSecond,
      signal: control.signal,
    });
    if (result.url) {
      const { remember } = await import('./line-test-history.js');
      remember({ url: result.url, at: Date.now(), rows: result.rows });
      location.assign(result.url);
      return;
    }
    // measured, but the server could not store the result
    fail(result.summary, result.explanation);
  } catch (error) {
    if (client && error instanceof client.TestStopped) {
      showState('start');
      form.querySelector('button').focus();
      announce(find('announcement').dataset.stopped);
    } else {
      const explanation = client && error instanceof client.RequestRefused && error.message;
      fail(find('failure-title').textContent, explanation || find('failure-reason').dataset.failureReason);
    }
  } finally {
    clearInterval(timer);
    control = undefined;
  }
}

function fail(title, reason) {
  find('failure-title').textContent = title;
  find('failure-reason').textContent = reason;
  showState('failed');
  find('failure-title').focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
find('stop').addEventListener('click', () => control?.abort());
find('retry').addEventListener('click', start);
// a page restored from the back/forward cache starts again
addEventListener('pageshow', ({ persisted }) => persisted && showState('start'));
// the tests of this tab, if there are any: most visits have none, and need no script for them
function hasStorage() {
  try {
    return sessionStorage.length > 0;
  } catch {
    // storage is off
    return false;
  }
}
if (hasStorage()) import('./line-test-history.js');
document.querySelector('[data-with-script]').hidden = false;
showState('start');
