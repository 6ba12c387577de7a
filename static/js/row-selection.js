// Keyboard cursor and selection of the queue. Markup: <table data-ticket-rows> with rows <tr data-ticket="DZ-…"> that have a
// link and a checkbox, and <form data-bulk-bar> with the actions on all selected tickets.

import { controlOf, onKey, press } from './shortcuts.js';

/** The last cursor position: returning from a ticket, the user goes on there, or at the row that took its place. */
const STORAGE_KEY = 'dzwoni-cursor';

const table = document.querySelector('[data-ticket-rows]');
const body = table.tBodies[0];
const bulkBar = document.querySelector('[data-bulk-bar]');
const selectAll = table.querySelector('[data-select-all]');

export const rows = () => [...body.rows];
export const rowOf = (reference) => body.querySelector(`tr[data-ticket="${CSS.escape(reference)}"]`);
const linkOf = (row) => row.querySelector('th a');
const checkboxOf = (row) => row.querySelector('input[type=checkbox]');

// the cursor

let cursor;

export const cursorRow = () => (cursor?.isConnected ? cursor : undefined);

/** Moves the cursor; with `focus`, the focus too, which screen readers follow. */
export function setCursor(row, { focus = false } = {}) {
  if (cursor !== row) {
    cursor?.classList.remove('is-cursor');
    if (cursor) linkOf(cursor)?.removeAttribute('aria-current');
    cursor = row;
    row?.classList.add('is-cursor');
    if (row) linkOf(row).setAttribute('aria-current', 'true');
  }
  if (!row) return;
  storeCursor();
  if (focus) {
    linkOf(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
}

function storeCursor() {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ reference: cursor.dataset.ticket, at: rows().indexOf(cursor) }));
  } catch {
    // without storage the cursor starts at the top
  }
}

function recallCursor() {
  try {
    const { reference, at } = JSON.parse(sessionStorage.getItem(STORAGE_KEY));
    return rowOf(reference) ?? rows()[Math.min(at, rows().length - 1)];
  } catch {
    return undefined;
  }
}

function moveCursor(by) {
  const list = rows();
  const from = cursorRow();
  const to = from ? list[list.indexOf(from) + by] : (recalled ?? list[0]);
  recalled = undefined;
  if (to) setCursor(to, { focus: true });
  // handled, even at the end of the list
  return true;
}

body.addEventListener('focusin', ({ target }) => {
  const row = target.closest('tr');
  if (row) setCursor(row);
});

// the row that the cursor returns to once it is moved
let recalled = recallCursor();
if (recalled && document.referrer.includes('/staff/tickets/')) {
  setCursor(recalled, { focus: document.activeElement === document.body });
  recalled = undefined;
}

onKey('j', () => moveCursor(1));
onKey('k', () => moveCursor(-1));
onKey('ArrowDown', (event) => body.contains(event.target) && moveCursor(1));
onKey('ArrowUp', (event) => body.contains(event.target) && moveCursor(-1));
onKey('Enter', (event) => {
  const row = cursorRow();
  // Enter presses the focused element anyway
  if (!row || event.target !== document.body) return false;
  linkOf(row).click();
  return true;
});

// the selection

/** Where a range selection with Shift starts. */
let anchor;

const selected = () => rows().filter((row) => checkboxOf(row)?.checked);

/** Updates the page after every change of rows or checkboxes. */
export function syncSelection() {
  const checkboxes = rows().map(checkboxOf).filter((checkbox) => checkbox && !checkbox.disabled);
  const count = checkboxes.filter((checkbox) => checkbox.checked).length;
  for (const row of rows()) row.classList.toggle('is-selected', Boolean(checkboxOf(row)?.checked));
  if (selectAll) {
    selectAll.checked = count > 0 && count === checkboxes.length;
    selectAll.indeterminate = count > 0 && count < checkboxes.length;
  }
  const output = bulkBar?.querySelector('[data-selected-count]');
  if (output && output.textContent !== String(count)) output.textContent = count;
  // the bar disappears with the last selected row, so the focus must leave it
  if (count === 0 && bulkBar?.contains(document.activeElement)) {
    const row = cursorRow() ?? rows()[0];
    if (row) setCursor(row, { focus: true });
  }
}

function select(row, checked) {
  const checkbox = checkboxOf(row);
  if (checkbox && !checkbox.disabled) checkbox.checked = checked;
}

function selectTo(row, checked) {
  const list = rows();
  const [from, to] = [list.indexOf(anchor?.isConnected ? anchor : row), list.indexOf(row)].toSorted((a, b) => a - b);
  for (const each of list.slice(from, to + 1)) select(each, checked);
}

body.addEventListener('click', (event) => {
  const checkbox = event.target.closest('input[type=checkbox]');
  if (!checkbox) return;
  const row = checkbox.closest('tr');
  if (event.shiftKey) selectTo(row, checkbox.checked);
  else anchor = row;
  syncSelection();
});
body.addEventListener('change', syncSelection);
// Shift and a click must not select text
body.addEventListener('mousedown', (event) => {
  if (event.shiftKey && event.target.closest('label, input')) event.preventDefault();
});

if (selectAll) selectAll.hidden = false;
selectAll?.addEventListener('change', () => {
  for (const row of rows()) select(row, selectAll.checked);
  syncSelection();
});

function clearSelection() {
  const hadSelection = selected().length > 0;
  for (const row of rows()) select(row, false);
  anchor = undefined;
  syncSelection();
  return hadSelection;
}

const clearButton = bulkBar?.querySelector('[data-clear-selection]');
if (clearButton) clearButton.hidden = false;
clearButton?.addEventListener('click', clearSelection);

onKey('x', () => {
  const row = cursorRow();
  if (!row) return moveCursor(1);
  select(row, !checkboxOf(row)?.checked);
  anchor = row;
  syncSelection();
  return true;
});
onKey('Shift+x', () => {
  const row = cursorRow();
  if (row) selectTo(row, true);
  syncSelection();
  return Boolean(row);
});
onKey('Escape', clearSelection);

// without a selection, a bulk shortcut applies to the row under the cursor
for (const button of bulkBar?.querySelectorAll('[data-key]') ?? []) {
  const { key } = button.dataset;
  onKey(key, (event) => {
    const row = cursorRow();
    if (event.repeat || (selected().length === 0 && !row)) return false;
    if (selected().length === 0) select(row, true);
    syncSelection();
    const pressed = controlOf(key);
    if (pressed) press(pressed);
    return Boolean(pressed);
  });
}

// a page restored from the back/forward cache has its checkboxes set
addEventListener('pageshow', syncSelection);
syncSelection();
