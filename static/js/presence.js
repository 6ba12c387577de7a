// Two people in one ticket see each other, and what happens to it while they have it open:
// <main data-open="address" data-version="3">, [data-here] for people, [data-changed] for changes, [data-part="name"]
// for what is drawn anew when somebody wants to see them.

import { listen, sayState } from './stream.js';

/** How often to tell that the page is still open; the server forgets it after two and a half of these. */
const HEARTBEAT = 10_000;
/** Somebody who stops for so long no longer writes. */
const PAUSE = 20_000;

const main = document.querySelector('[data-open]');
const here = document.querySelector('[data-here]');
const changed = document.querySelector('[data-changed]');
const address = main.dataset.open;

let page;
let state = 'viewing';
let beating;
let resting;

async function tell() {
  if (!page) return;
  try {
    await fetch(`${address}/presence`, { method: 'POST', body: new URLSearchParams({ page, state }) });
  } catch {
    // the next heartbeat says it again
  }
}

function be(next) {
  if (state === next) return;
  state = next;
  tell();
}

main.addEventListener('input', ({ target }) => {
  if (!target.matches('textarea')) return;
  clearTimeout(resting);
  if (target.value.trim() === '') {
    be('viewing');
    return;
  }
  be('writing');
  resting = setTimeout(() => be('viewing'), PAUSE);
});

listen(() => `${address}/live?version=${main.dataset.version}`, {
  state: sayState,
  hello(data) {
    page = data;
    clearInterval(beating);
    beating = setInterval(tell, HEARTBEAT);
    tell();
  },
  closed() {
    page = undefined;
    clearInterval(beating);
    show([]);
  },
  here(data) {
    show(JSON.parse(data));
  },
  changed(data) {
    const { text } = JSON.parse(data);
    changed.querySelector('[data-what]').textContent = text;
    changed.hidden = false;
  },
});

function show(people) {
  if (!here) return;
  const list = people.map(({ text, writing }) => {
    const person = document.createElement('span');
    person.className = writing ? 'person writing' : 'person';
    person.textContent = text;
    return person;
  });
  here.querySelector('[data-people]').replaceChildren(...list);
  here.hidden = people.length === 0;
}

changed?.querySelector('[data-show]').addEventListener('click', async (event) => {
  event.preventDefault();
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    sayState('lost');
    return;
  }
  if (!answer.ok || answer.redirected) {
    sayState(answer.redirected ? 'over' : 'lost');
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  redraw(fresh);
  changed.hidden = true;
});

/** Puts what is new in place, and leaves alone what somebody may be writing in. */
function redraw(fresh) {
  const version = fresh.querySelector('[data-open]').dataset.version;
  main.dataset.version = version;
  for (const field of document.querySelectorAll('input[name=version]')) field.value = version;
  let first;
  for (const part of document.querySelectorAll('[data-part]')) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!next || next.innerHTML === part.innerHTML || isTypedIn(part)) continue;
    part.replaceWith(next);
    first ??= next;
  }
  if (!first) return;
  first.tabIndex = -1;
  first.focus();
}

const isTypedIn = (part) =>
  [...part.querySelectorAll('input[type=text], textarea')].some((field) => field.value !== field.defaultValue);
