// Keeps what somebody is writing, in this browser: one draft for each person, ticket and kind of message. It comes back
// after a reload, a crash or a lost answer, and is gone as soon as it stands in the conversation, or after two weeks.

const PREFIX = 'dzwoni-draft:';
const KEPT = 14 * 24 * 3600 * 1000;
const PAUSE = 400;

const form = document.querySelector('[data-draft]');
const text = form.elements.text;
const line = form.querySelector('.draft');
const kinds = form.elements.kind;
let kind = chosen();
let timer;

function chosen() {
  return kinds?.value ?? form.dataset.kind;
}

const key = (of) => `${PREFIX}${form.dataset.draft}/${of}`;

function read(of) {
  try {
    return JSON.parse(localStorage.getItem(key(of)));
  } catch {
    return null;
  }
}

function write(of, value) {
  try {
    if (value) localStorage.setItem(key(of), JSON.stringify(value));
    else localStorage.removeItem(key(of));
  } catch {
    // a browser that keeps nothing, or has no room left
  }
}

function keep() {
  clearTimeout(timer);
  const submission = form.elements.submission?.value;
  write(kind, text.value.trim() ? { text: text.value, submission, at: Date.now() } : null);
}

function restore(draft) {
  text.value = draft.text;
  if (draft.submission && form.elements.submission) form.elements.submission.value = draft.submission;
}

/** Says that the text is from before, and how to be rid of it. */
function tell() {
  if (!line) return;
  const discard = document.createElement('button');
  discard.type = 'button';
  discard.className = 'linkish';
  discard.textContent = line.dataset.discard;
  discard.addEventListener('click', () => {
    text.value = '';
    keep();
    line.replaceChildren();
    text.focus();
  });
  line.replaceChildren(`${line.dataset.restored} `, discard);
}

/** As the server keeps it. */
const tidy = (words) => words.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ').trim();

function forget() {
  const said = new Set([...document.querySelectorAll('[data-own]')].map((own) => tidy(own.textContent)));
  for (const of of ['reply', 'note']) {
    const draft = read(of);
    if (draft && said.has(tidy(draft.text))) write(of, null);
  }
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      const { at } = JSON.parse(localStorage.getItem(name)) ?? {};
      if (!(at > Date.now() - KEPT)) localStorage.removeItem(name);
    }
  } catch {
    // then nothing was kept
  }
}

forget();
if (text.value.trim()) {
  // refused by the server, or filled in by it
  keep();
} else {
  const drafts = ['reply', 'note'].map((of) => ({ of, draft: read(of) })).filter(({ draft }) => draft);
  const [newest] = drafts.sort((one, other) => other.draft.at - one.draft.at);
  if (newest && kinds) {
    kinds.value = newest.of;
    kind = newest.of;
    // the composer follows
    form.dispatchEvent(new Event('change'));
  }
  if (newest && (kinds || newest.of === kind)) {
    restore(newest.draft);
    tell();
  }
}

text.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
});
addEventListener('pagehide', keep);
form.addEventListener('submit', keep);

form.addEventListener('change', (event) => {
  if (event.target.name !== 'kind') return;
  const other = read(chosen());
  keep();
  // what is written goes along, unless something waits there: then each kind keeps its own
  if (!other) write(kind, null);
  kind = chosen();
  if (other) restore(other);
  else keep();
});
