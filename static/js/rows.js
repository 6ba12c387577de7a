// The queue by keyboard and by selection: <table data-rows>, its rows <tr data-ticket="DZ-…"> with a link and a checkbox,
// and the dock <form data-dock> with what can be done to all that are selected.

import { control, onKey, press } from './keys.js';

/** Where the cursor was: after a ticket people go on where they were, or at the next one if that is done. */
const STORED = 'dzwoni-cursor';

const table = document.querySelector('[data-rows]');
const body = table.tBodies[0];
const dock = document.querySelector('[data-dock]');
const all = table.querySelector('[data-select-all]');

export const rows = () => [...body.rows];
export const rowOf = (reference) => body.querySelector(`tr[data-ticket="${CSS.escape(reference)}"]`);
const linkOf = (row) => row.querySelector('th a');
const boxOf = (row) => row.querySelector('input[type=checkbox]');

// the cursor

let cursor;

export const cursorRow = () => (cursor?.isConnected ? cursor : undefined);

/** Moves the cursor; with `focus`, so does what a screen reader reads. */
export function setCursor(row, { focus = false } = {}) {
  if (cursor !== row) {
    cursor?.classList.remove('cur');
    if (cursor) linkOf(cursor)?.removeAttribute('aria-current');
    cursor = row;
    row?.classList.add('cur');
    if (row) linkOf(row).setAttribute('aria-current', 'true');
  }
  if (!row) return;
  remember();
  if (focus) {
    linkOf(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
}

function remember() {
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ reference: cursor.dataset.ticket, at: rows().indexOf(cursor) }));
  } catch {
    // then the cursor begins at the top
  }
}

function recall() {
  try {
    const { reference, at } = JSON.parse(sessionStorage.getItem(STORED));
    return rowOf(reference) ?? rows()[Math.min(at, rows().length - 1)];
  } catch {
    return undefined;
  }
}

function move(by) {
  const list = rows();
  const from = cursorRow();
  const to = from ? list[list.indexOf(from) + by] : (waiting ?? list[0]);
  waiting = undefined;
  if (to) setCursor(to, { focus: true });
  // at the end of the list there is nowhere to go
  return true;
}

body.addEventListener('focusin', ({ target }) => {
  const row = target.closest('tr');
  if (row) setCursor(row);
});

// the row that the cursor comes back to, once somebody moves it
let waiting = recall();
if (waiting && document.referrer.includes('/staff/tickets/')) {
  setCursor(waiting, { focus: document.activeElement === document.body });
  waiting = undefined;
}

onKey('j', () => move(1));
onKey('k', () => move(-1));
onKey('ArrowDown', (event) => body.contains(event.target) && move(1));
onKey('ArrowUp', (event) => body.contains(event.target) && move(-1));
onKey('Enter', (event) => {
  const row = cursorRow();
  // what has the focus is pressed by Enter anyway
  if (!row || event.target !== document.body) return false;
  linkOf(row).click();
  return true;
});

// the selection

/** The row from which Shift selects. */
let anchor;

export const selected = () => rows().filter((row) => boxOf(row)?.checked);

/** Shows what is selected; called after every change of rows or boxes. */
export function sync() {
  const boxes = rows().map(boxOf).filter((box) => box && !box.disabled);
  const count = boxes.filter((box) => box.checked).length;
  for (const row of rows()) row.classList.toggle('sel', Boolean(boxOf(row)?.checked));
  if (all) {
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  const output = dock?.querySelector('[data-count]');
  if (output && output.textContent !== String(count)) output.textContent = count;
  // the dock goes with the last box, and what has the focus in it
  if (count === 0 && dock?.contains(document.activeElement)) {
    const row = cursorRow() ?? rows()[0];
    if (row) setCursor(row, { focus: true });
  }
}

function select(row, checked) {
  const box = boxOf(row);
  if (box && !box.disabled) box.checked = checked;
}

function selectTo(row, checked) {
  const list = rows();
  const [from, to] = [list.indexOf(anchor?.isConnected ? anchor : row), list.indexOf(row)].toSorted((a, b) => a - b);
  for (const one of list.slice(from, to + 1)) select(one, checked);
}

body.addEventListener('click', (event) => {
  const box = event.target.closest('input[type=checkbox]');
  if (!box) return;
  const row = box.closest('tr');
  if (event.shiftKey) selectTo(row, box.checked);
  else anchor = row;
  sync();
});
body.addEventListener('change', sync);
// Shift and a click select rows, not the text between them
body.addEventListener('mousedown', (event) => {
  if (event.shiftKey && event.target.closest('label, input')) event.preventDefault();
});

if (all) all.hidden = false;
all?.addEventListener('change', () => {
  for (const row of rows()) select(row, all.checked);
  sync();
});

function clear() {
  const any = selected().length > 0;
  for (const row of rows()) select(row, false);
  anchor = undefined;
  sync();
  return any;
}

const clearing = dock?.querySelector('[data-clear]');
if (clearing) clearing.hidden = false;
clearing?.addEventListener('click', clear);

onKey('x', () => {
  const row = cursorRow();
  if (!row) return move(1);
  select(row, !boxOf(row)?.checked);
  anchor = row;
  sync();
  return true;
});
onKey('Shift+x', () => {
  const row = cursorRow();
  if (row) selectTo(row, true);
  sync();
  return Boolean(row);
});
onKey('Escape', clear);

// what a key does to the selection it does to the row under the cursor when nothing is selected
for (const one of dock?.querySelectorAll('[data-key]') ?? []) {
  const { key } = one.dataset;
  onKey(key, (event) => {
    const row = cursorRow();
    if (event.repeat || (selected().length === 0 && !row)) return false;
    if (selected().length === 0) select(row, true);
    sync();
    const pressed = control(key);
    if (pressed) press(pressed);
    return Boolean(pressed);
  });
}

// a page that the browser kept comes back with its boxes
addEventListener('pageshow', sync);
sync();
