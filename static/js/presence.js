// Shows who else has a ticket open, and that it has changed meanwhile.
// Markup: <main data-ticket-url="…" data-version="3">, [data-presence], [data-change-notice], and [data-live-part="name"]
// around each part that is replaced when the user asks for the changes.

import { showConnectionState, subscribe } from './live-updates.js';

/** How often to report that the page is open; the server forgets it after two and a half of these. */
const HEARTBEAT_INTERVAL = 10_000;
/** After this long without input a user no longer counts as writing. */
const WRITING_TIMEOUT = 20_000;

const main = document.querySelector('[data-ticket-url]');
const presence = document.querySelector('[data-presence]');
const changeNotice = document.querySelector('[data-change-notice]');
const ticketUrl = main.dataset.ticketUrl;

let page;
let state = 'viewing';
let heartbeatTimer;
let writingTimer;

async function reportPresence() {
  if (!page) return;
  try {
    await fetch(`${ticketUrl}/presence`, { method: 'POST', body: new URLSearchParams({ page, state }) });
  } catch {
    // the next heartbeat repeats it
  }
}

function setState(newState) {
  if (state === newState) return;
  state = newState;
  reportPresence();
}

main.addEventListener('input', ({ target }) => {
  if (!target.matches('textarea')) return;
  clearTimeout(writingTimer);
  if (target.value.trim() === '') {
    setState('viewing');
    return;
  }
  setState('writing');
  writingTimer = setTimeout(() => setState('viewing'), WRITING_TIMEOUT);
});

subscribe(() => `${ticketUrl}/live?version=${main.dataset.version}`, {
  state: showConnectionState,
  hello(data) {
    page = data;
    clearInterval(heartbeatTimer);
    heartbeatTimer = setInterval(reportPresence, HEARTBEAT_INTERVAL);
    reportPresence();
  },
  closed() {
    page = undefined;
    clearInterval(heartbeatTimer);
    showViewers([]);
  },
  viewers(data) {
    showViewers(JSON.parse(data));
  },
  changed(data) {
    const { text } = JSON.parse(data);
    changeNotice.querySelector('[data-change-text]').textContent = text;
    changeNotice.hidden = false;
  },
});

function showViewers(people) {
  if (!presence) return;
  const names = people.map(({ text, writing }) => {
    const person = document.createElement('span');
    person.className = writing ? 'person is-writing' : 'person';
    person.textContent = text;
    return person;
  });
  presence.querySelector('[data-presence-names]').replaceChildren(...names);
  presence.hidden = people.length === 0;
}

changeNotice?.querySelector('[data-show-changes]').addEventListener('click', async (event) => {
  event.preventDefault();
  let response;
  try {
    response = await fetch(ticketUrl);
  } catch {
    showConnectionState('lost');
    return;
  }
  if (!response.ok || response.redirected) {
    showConnectionState(response.redirected ? 'sessionEnded' : 'lost');
    return;
  }
  const newPage = new DOMParser().parseFromString(await response.text(), 'text/html');
  applyChanges(newPage);
  changeNotice.hidden = true;
});

/** Replaces the parts that changed, except those with unsaved input. */
function applyChanges(newPage) {
  const version = newPage.querySelector('[data-ticket-url]').dataset.version;
  main.dataset.version = version;
  for (const field of document.querySelectorAll('input[name=version]')) field.value = version;
  let firstChanged;
  for (const part of document.querySelectorAll('[data-live-part]')) {
    const replacement = newPage.querySelector(`[data-live-part="${part.dataset.livePart}"]`);
    if (!replacement || replacement.innerHTML === part.innerHTML || hasUnsavedInput(part)) continue;
    part.replaceWith(replacement);
    firstChanged ??= replacement;
  }
  if (!firstChanged) return;
  firstChanged.tabIndex = -1;
  firstChanged.focus();
}

const hasUnsavedInput = (part) =>
  [...part.querySelectorAll('input[type=text], textarea')].some((field) => field.value !== field.defaultValue);
