// The queue while it is open: rows that change do so in place, rows that leave fade and go when nothing under the
// pointer moves by it, and new ones wait until somebody wants to see them.
// <table data-rows data-live="address" data-mark="what it shows" data-full>, and a button [data-new] in a live region.

import { cursorRow, rowOf, rows, selected, setCursor, sync } from './rows.js';
import { listen, sayState } from './stream.js';
import { refresh } from './times.js';

/** How long a row that left can be read. */
const FAREWELL = 4000;
/** How long a changed row shows that it changed. */
const NEWS = 3000;

const table = document.querySelector('[data-rows]');
const body = table.tBodies[0];
const pill = document.querySelector('[data-new]');
const plurals = new Intl.PluralRules(document.documentElement.lang);
const parser = document.createElement('template');

/** What the server has drawn: references in order, whether there are more, and rows that wait to be shown. */
let order = rows().map((row) => row.dataset.ticket);
let isFull = table.hasAttribute('data-full');
let { mark } = table.dataset;
const waiting = new Map();

function apply(news) {
  const before = order;
  const wasFull = isFull;
  ({ order, full: isFull } = news);
  for (const [reference, html] of Object.entries(news.rows)) {
    const fresh = parse(html);
    const row = rowOf(reference);
    if (!row) waiting.set(reference, fresh);
    else if (row.dataset.version !== fresh.dataset.version) change(row, fresh);
  }
  const there = new Set(order);
  for (const reference of waiting.keys()) if (!there.has(reference)) waiting.delete(reference);
  for (const row of rows()) leave(row, !there.has(row.dataset.ticket));
  if (wasFull) fillUp(before);
  tellNew();
  sync();
}

function parse(html) {
  parser.innerHTML = html;
  const row = parser.content.firstElementChild;
  refresh(row);
  return row;
}

/** Draws a row anew around what can have the focus: its checkbox and its link stay as they are. */
function change(row, fresh) {
  const keeps = (cell) => cell.querySelector('a, input, button');
  const [old, next] = [[...row.cells], [...fresh.cells]];
  for (const [at, cell] of old.entries()) if (!keeps(cell) && next[at]) cell.replaceWith(next[at]);
  row.dataset.version = fresh.dataset.version;
  // what is selected now is selected as it is seen now
  row.querySelector('input[type=checkbox]').value = fresh.querySelector('input[type=checkbox]').value;
  row.classList.remove('news');
  // begins the animation again
  void row.offsetWidth;
  row.classList.add('news');
  setTimeout(() => row.classList.remove('news'), NEWS);
}

/** What comes up from the next page stands below everything, where it moves nothing. */
function fillUp(before) {
  const known = new Set(before);
  const lastShown = order.findLastIndex((reference) => rowOf(reference));
  for (const reference of order.slice(lastShown + 1)) {
    if (known.has(reference) || !waiting.has(reference)) return;
    body.append(waiting.get(reference));
    waiting.delete(reference);
    mind(rowOf(reference));
  }
}

// rows that leave

function leave(row, gone) {
  if (row.classList.contains('gone') === gone) return;
  row.classList.toggle('gone', gone);
  const box = row.querySelector('input[type=checkbox]');
  if (box) {
    box.disabled = gone;
    if (gone) box.checked = false;
  }
  if (gone) setTimeout(sweep, FAREWELL, row);
  else delete row.dataset.done;
}

let pointer;
body.addEventListener('pointermove', ({ target, pointerType }) => {
  pointer = pointerType === 'mouse' ? target.closest('tr') : undefined;
});
body.addEventListener('pointerleave', () => {
  pointer = undefined;
  sweep();
});
body.addEventListener('focusout', () => setTimeout(sweep));

/** Takes away what has left for long enough, unless a row under the pointer or the focus would move by it. */
function sweep(row) {
  if (row?.classList.contains('gone')) row.dataset.done = '';
  for (const one of body.querySelectorAll('tr.gone[data-done]')) {
    if (one.contains(document.activeElement) || one === pointer) continue;
    const above = pointer?.isConnected && one.compareDocumentPosition(pointer) & Node.DOCUMENT_POSITION_FOLLOWING;
    const height = one.offsetHeight;
    if (above && scrollY < height) continue;
    if (one === cursorRow()) setCursor(one.nextElementSibling ?? one.previousElementSibling ?? undefined);
    const top = pointer?.isConnected ? pointer.getBoundingClientRect().top : undefined;
    one.remove();
    if (above) scrollBy({ top: pointer.getBoundingClientRect().top - top, behavior: 'instant' });
  }
  showEmpty();
}

function showEmpty() {
  const empty = document.querySelector('[data-empty]');
  if (!empty) return;
  empty.hidden = body.rows.length > 0;
  table.parentElement.hidden = !empty.hidden;
}

// rows that are new

function tellNew() {
  const count = waiting.size;
  const text = count === 0 ? '' : pill.dataset[plurals.select(count)].replace(/\d+/, count);
  const words = pill.querySelector('[data-words]');
  if (words.textContent !== text) words.textContent = text;
  pill.hidden = count === 0;
}

pill.addEventListener('click', (event) => {
  event.preventDefault();
  const fresh = [...waiting.keys()];
  for (const row of body.querySelectorAll('tr.gone')) row.remove();
  const focused = document.activeElement;
  let last;
  for (const reference of order) {
    const row = rowOf(reference) ?? waiting.get(reference);
    if (!row) continue;
    const place = last ? last.nextElementSibling : body.firstElementChild;
    if (place !== row) body.insertBefore(row, place);
    last = row;
  }
  waiting.clear();
  showEmpty();
  for (const row of rows()) mind(row);
  tellNew();
  sync();
  const first = order.find((reference) => fresh.includes(reference));
  for (const reference of fresh) rowOf(reference)?.classList.add('news');
  if (first) setCursor(rowOf(first), { focus: true });
  else focused.focus();
});

// who looks at which ticket

let looked = {};

function mind(row) {
  const text = looked[row.dataset.ticket];
  let sign = row.querySelector('[data-looking]');
  if (!text) {
    sign?.remove();
    return;
  }
  if (!sign) {
    sign = document.getElementById('looking').content.firstElementChild.cloneNode(true);
    row.querySelector('th').append(sign);
  }
  sign.title = text;
  const words = sign.querySelector('.vh');
  if (words.textContent !== text) words.textContent = text;
}

listen(() => `${table.dataset.live}&mark=${mark}`, {
  state: sayState,
  rows(data, { lastEventId }) {
    mark = lastEventId;
    apply(JSON.parse(data));
  },
  counts(data) {
    for (const [view, count] of Object.entries(JSON.parse(data))) {
      const place = document.querySelector(`[data-count-of="${view}"]`);
      if (place && place.textContent !== count) place.textContent = count;
    }
  },
  looking(data) {
    looked = JSON.parse(data);
    for (const row of rows()) mind(row);
  },
  closed() {
    looked = {};
    for (const row of rows()) mind(row);
  },
});
