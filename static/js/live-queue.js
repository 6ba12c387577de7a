// Live updates of the queue: rows change in place, rows that leave fade and are removed when nothing under the pointer
// moves, and new rows wait behind a button.
// Markup: <table data-ticket-rows data-live-url="…" data-snapshot="…" data-has-more>, and a button [data-new-tickets] in a
// live region.

import { showConnectionState, subscribe } from './live-updates.js';
import { refreshTimes } from './relative-times.js';
import { cursorRow, rowOf, rows, setCursor, syncSelection } from './row-selection.js';

/** How long a row that left stays readable. */
const REMOVE_DELAY = 4000;
/** How long a changed row is highlighted. */
const HIGHLIGHT_TIME = 3000;

const table = document.querySelector('[data-ticket-rows]');
const body = table.tBodies[0];
const newTicketsButton = document.querySelector('[data-new-tickets]');
const plurals = new Intl.PluralRules(document.documentElement.lang);
const parser = document.createElement('template');

/** The state on the server: references in order, whether there are more, and rows that are not shown yet. */
let order = rows().map((row) => row.dataset.ticket);
let hasMore = table.hasAttribute('data-has-more');
let { snapshot } = table.dataset;
const hiddenRows = new Map();

function applyUpdate(update) {
  const previousOrder = order;
  const hadMore = hasMore;
  ({ order, full: hasMore } = update);
  for (const [reference, html] of Object.entries(update.rows)) {
    const newRow = parseRow(html);
    const row = rowOf(reference);
    if (!row) hiddenRows.set(reference, newRow);
    else if (row.dataset.version !== newRow.dataset.version) replaceCells(row, newRow);
  }
  const listed = new Set(order);
  for (const reference of hiddenRows.keys()) if (!listed.has(reference)) hiddenRows.delete(reference);
  for (const row of rows()) markLeaving(row, !listed.has(row.dataset.ticket));
  if (hadMore) appendMovedUp(previousOrder);
  updateNewTicketsButton();
  syncSelection();
}

function parseRow(html) {
  parser.innerHTML = html;
  const row = parser.content.firstElementChild;
  refreshTimes(row);
  return row;
}

/** Replaces the cells of a row, except those that can have the focus: its checkbox and its link. */
function replaceCells(row, newRow) {
  const isFocusable = (cell) => cell.querySelector('a, input, button');
  const [oldCells, newCells] = [[...row.cells], [...newRow.cells]];
  for (const [at, cell] of oldCells.entries()) if (!isFocusable(cell) && newCells[at]) cell.replaceWith(newCells[at]);
  row.dataset.version = newRow.dataset.version;
  // the selection refers to the version that is shown
  row.querySelector('input[type=checkbox]').value = newRow.querySelector('input[type=checkbox]').value;
  row.classList.remove('just-changed');
  // restarts the animation
  void row.offsetWidth;
  row.classList.add('just-changed');
  setTimeout(() => row.classList.remove('just-changed'), HIGHLIGHT_TIME);
}

/** Appends what moved up from the next page; below everything else it moves nothing. */
function appendMovedUp(previousOrder) {
  const previous = new Set(previousOrder);
  const lastShown = order.findLastIndex((reference) => rowOf(reference));
  for (const reference of order.slice(lastShown + 1)) {
    if (previous.has(reference) || !hiddenRows.has(reference)) return;
    body.append(hiddenRows.get(reference));
    hiddenRows.delete(reference);
    renderPresence(rowOf(reference));
  }
}

// rows that leave

function markLeaving(row, isLeaving) {
  if (row.classList.contains('is-leaving') === isLeaving) return;
  row.classList.toggle('is-leaving', isLeaving);
  const box = row.querySelector('input[type=checkbox]');
  if (box) {
    box.disabled = isLeaving;
    if (isLeaving) box.checked = false;
  }
  if (isLeaving) setTimeout(removeLeftRows, REMOVE_DELAY, row);
  else delete row.dataset.removable;
}

let pointer;
body.addEventListener('pointermove', ({ target, pointerType }) => {
  pointer = pointerType === 'mouse' ? target.closest('tr') : undefined;
});
body.addEventListener('pointerleave', () => {
  pointer = undefined;
  removeLeftRows();
});
body.addEventListener('focusout', () => setTimeout(removeLeftRows));

/** Removes rows that left long enough ago, unless that would move the row under the pointer or take the focus. */
function removeLeftRows(row) {
  if (row?.classList.contains('is-leaving')) row.dataset.removable = '';
  for (const leaving of body.querySelectorAll('tr.is-leaving[data-removable]')) {
    if (leaving.contains(document.activeElement) || leaving === pointer) continue;
    const above = pointer?.isConnected && leaving.compareDocumentPosition(pointer) & Node.DOCUMENT_POSITION_FOLLOWING;
    const height = leaving.offsetHeight;
    if (above && scrollY < height) continue;
    if (leaving === cursorRow()) setCursor(leaving.nextElementSibling ?? leaving.previousElementSibling ?? undefined);
    const top = pointer?.isConnected ? pointer.getBoundingClientRect().top : undefined;
    leaving.remove();
    if (above) scrollBy({ top: pointer.getBoundingClientRect().top - top, behavior: 'instant' });
  }
  showEmpty();
}

function showEmpty() {
  const empty = document.querySelector('[data-empty-queue]');
  if (!empty) return;
  empty.hidden = body.rows.length > 0;
  table.parentElement.hidden = !empty.hidden;
}

// rows that are new

function updateNewTicketsButton() {
  const count = hiddenRows.size;
  const text = count === 0 ? '' : newTicketsButton.dataset[plurals.select(count)].replace(/\d+/, count);
  const label = newTicketsButton.querySelector('[data-new-tickets-text]');
  if (label.textContent !== text) label.textContent = text;
  newTicketsButton.hidden = count === 0;
}

newTicketsButton.addEventListener('click', (event) => {
  event.preventDefault();
  const added = [...hiddenRows.keys()];
  for (const row of body.querySelectorAll('tr.is-leaving')) row.remove();
  const focused = document.activeElement;
  let last;
  for (const reference of order) {
    const row = rowOf(reference) ?? hiddenRows.get(reference);
    if (!row) continue;
    const place = last ? last.nextElementSibling : body.firstElementChild;
    if (place !== row) body.insertBefore(row, place);
    last = row;
  }
  hiddenRows.clear();
  showEmpty();
  for (const row of rows()) renderPresence(row);
  updateNewTicketsButton();
  syncSelection();
  const first = order.find((reference) => added.includes(reference));
  for (const reference of added) rowOf(reference)?.classList.add('just-changed');
  if (first) setCursor(rowOf(first), { focus: true });
  else focused.focus();
});

// who has which ticket open

let viewers = {};

function renderPresence(row) {
  const text = viewers[row.dataset.ticket];
  let marker = row.querySelector('[data-viewers]');
  if (!text) {
    marker?.remove();
    return;
  }
  if (!marker) {
    marker = document.getElementById('viewers-template').content.firstElementChild.cloneNode(true);
    row.querySelector('th').append(marker);
  }
  marker.title = text;
  const label = marker.querySelector('.visually-hidden');
  if (label.textContent !== text) label.textContent = text;
}

subscribe(() => `${table.dataset.liveUrl}&fingerprint=${snapshot}`, {
  state: showConnectionState,
  rows(data, { lastEventId }) {
    snapshot = lastEventId;
    applyUpdate(JSON.parse(data));
  },
  counts(data) {
    for (const [view, count] of Object.entries(JSON.parse(data))) {
      const place = document.querySelector(`[data-view-count="${view}"]`);
      if (place && place.textContent !== count) place.textContent = count;
    }
  },
  looking(data) {
    viewers = JSON.parse(data);
    for (const row of rows()) renderPresence(row);
  },
  closed() {
    viewers = {};
    for (const row of rows()) renderPresence(row);
  },
});
