// The line test's page: a button, a countdown, a chart that grows, and then the page of the result.
// <div data-link="address of tests" data-query="what the result's page should know" data-left="0 s|1 s|…">

import { Refused, run, Stopped } from './probe.js';
import { remember } from './runs.js';

const SVG = 'http://www.w3.org/2000/svg';
const [TOP, AXIS] = [15, 100];
const STEPS = [100, 200, 500, 1000, 2000, 5000, 10_000];

const page = document.querySelector('[data-link]');
const find = (name) => page.querySelector(`[data-${name}]`);
const form = page.querySelector('form[data-state="start"]');
const left = page.dataset.left.split('|');
const progress = page.querySelector('progress');
const chart = find('chart');
const now = find('now');

let control;
let ticking;
let seconds = [];
let length = 10;

function show(state) {
  for (const part of page.querySelectorAll('[data-state]')) part.hidden = part.dataset.state !== state;
}

const say = (text) => (find('said').textContent = text);

function tell(phase, takes) {
  now.textContent = now.dataset[phase];
  say(now.textContent);
  clearInterval(ticking);
  find('left').textContent = '';
  if (takes === 0) {
    // how long it takes nobody knows
    if (phase === 'connecting') progress.removeAttribute('value');
    else progress.value = progress.max;
    return;
  }
  length = takes;
  draw();
  const begun = performance.now();
  progress.max = takes;
  const tick = () => {
    const gone = Math.min((performance.now() - begun) / 1000, takes);
    progress.value = gone;
    find('left').textContent = left[Math.ceil(takes - gone)] ?? '';
  };
  tick();
  ticking = setInterval(tick, 250);
}

function second(at, time, isLost) {
  seconds[at] = { time, isLost };
  draw();
}

/** One column a second; grey ones are to come. */
function draw() {
  const highest = Math.max(0, ...seconds.map((one) => one?.time ?? 0));
  const full = STEPS.find((step) => highest <= step) ?? STEPS.at(-1);
  const parts = [];
  const add = (name, values, text = '') => {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(values)) part.setAttribute(key, value);
    part.textContent = text;
    parts.push(part);
    return part;
  };
  for (const [y, ms] of [[(TOP + AXIS) / 2, full / 2], [TOP, full]]) {
    add('line', { class: 'grid', x1: 0, x2: '100%', y1: y, y2: y });
    add('text', { x: '100%', y: y - 4, 'text-anchor': 'end' }, `${ms}\u00A0ms`);
  }
  const step = 100 / length;
  for (let at = 0; at < length; at += 1) {
    const one = seconds[at];
    const height = one ? Math.min(AXIS - TOP, Math.max(2, ((one.time ?? 0) / full) * (AXIS - TOP))) : 12;
    const x = `${at * step + step * 0.15}%`;
    add('rect', { class: one ? 'col' : 'todo', x, y: AXIS - height, width: `${step * 0.7}%`, height, rx: 1.5 });
    if (one?.isLost) {
      const mark = add('svg', { x: `${(at + 0.5) * step}%`, y: 111, overflow: 'visible' });
      const cross = document.createElementNS(SVG, 'path');
      cross.setAttribute('class', 'lost');
      cross.setAttribute('d', 'M-4-4 4 4M4-4-4 4');
      mark.append(cross);
    }
  }
  add('line', { class: 'axis', x1: 0, x2: '100%', y1: AXIS, y2: AXIS });
  add('text', { x: '0%', y: 134, 'text-anchor': 'start' }, '0\u00A0s');
  add('text', { x: '100%', y: 134, 'text-anchor': 'end' }, `${length}\u00A0s`);
  chart.replaceChildren(...parts);
}

async function start() {
  if (control) return;
  control = new AbortController();
  seconds = [];
  length = 10;
  draw();
  show('running');
  now.focus();
  const chosen = form.querySelector('[name=connection]:checked');
  try {
    const result = await run({
      tests: page.dataset.link,
      query: page.dataset.query,
      connection: chosen?.value || null,
      tell,
      second,
      signal: control.signal,
    });
    if (result.url) {
      remember({ url: result.url, at: Date.now(), told: result.told });
      location.assign(result.url);
      return;
    }
    // measured, but it could not be kept
    fail(result.said, result.why);
  } catch (error) {
    if (error instanceof Stopped) {
      show('start');
      form.querySelector('button').focus();
      say(find('said').dataset.stopped);
    } else {
      const known = error instanceof Refused && error.message;
      fail(find('failed').textContent, known || find('why').dataset.why);
    }
  } finally {
    clearInterval(ticking);
    control = undefined;
  }
}

function fail(title, why) {
  find('failed').textContent = title;
  find('why').textContent = why;
  show('failed');
  find('failed').focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
find('stop').addEventListener('click', () => control?.abort());
find('again').addEventListener('click', start);
// a page that comes back from the browser's memory begins anew
addEventListener('pageshow', ({ persisted }) => persisted && show('start'));
document.querySelector('[data-with-script]').hidden = false;
show('start');
