// Saves what a user is writing in local storage: one draft for each user, ticket and kind of message. It is restored after a
// reload, a crash or a lost response, and deleted once the message is in the conversation, or after two weeks.

const PREFIX = 'dzwoni-draft:';
const RETENTION = 14 * 24 * 3600 * 1000;
const SAVE_DELAY = 400;

const form = document.querySelector('[data-draft-key]');
const text = form.elements.text;
const notice = form.querySelector('.draft');
const kinds = form.elements.kind;
let kind = chosenKind();
let timer;

function chosenKind() {
  return kinds?.value ?? form.dataset.draftKind;
}

const key = (ofKind) => `${PREFIX}${form.dataset.draftKey}/${ofKind}`;

function load(ofKind) {
  try {
    return JSON.parse(localStorage.getItem(key(ofKind)));
  } catch {
    return null;
  }
}

function store(ofKind, value) {
  try {
    if (value) localStorage.setItem(key(ofKind), JSON.stringify(value));
    else localStorage.removeItem(key(ofKind));
  } catch {
    // storage is off or full
  }
}

function save() {
  clearTimeout(timer);
  const submission = form.elements.submission?.value;
  store(kind, text.value.trim() ? { text: text.value, submission, at: Date.now() } : null);
}

function restore(draft) {
  text.value = draft.text;
  if (draft.submission && form.elements.submission) form.elements.submission.value = draft.submission;
}

/** Says that the text was restored, with a button to discard it. */
function showRestored() {
  if (!notice) return;
  const discard = document.createElement('button');
  discard.type = 'button';
  discard.className = 'link-button';
  discard.textContent = notice.dataset.discard;
  discard.addEventListener('click', () => {
    text.value = '';
    save();
    notice.replaceChildren();
    text.focus();
  });
  notice.replaceChildren(`${notice.dataset.restored} `, discard);
}

/** The text as the server stores it. */
const normalize = (raw) => raw.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ').trim();

/** Deletes the drafts that were sent, and all that are too old. */
function deleteObsolete() {
  const sent = new Set([...document.querySelectorAll('[data-own-message]')].map((message) => normalize(message.textContent)));
  for (const ofKind of ['reply', 'note']) {
    const draft = load(ofKind);
    if (draft && sent.has(normalize(draft.text))) store(ofKind, null);
  }
  try {
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
      const { at } = JSON.parse(localStorage.getItem(name)) ?? {};
      if (!(at > Date.now() - RETENTION)) localStorage.removeItem(name);
    }
  } catch {
    // storage is off: there are no drafts
  }
}

deleteObsolete();
if (text.value.trim()) {
  // rejected by the server, or filled in by it
  save();
} else {
  const drafts = ['reply', 'note'].map((ofKind) => ({ ofKind, draft: load(ofKind) })).filter(({ draft }) => draft);
  const [newest] = drafts.sort((a, b) => b.draft.at - a.draft.at);
  if (newest && kinds) {
    kinds.value = newest.ofKind;
    kind = newest.ofKind;
    // for composer.js
    form.dispatchEvent(new Event('change'));
  }
  if (newest && (kinds || newest.ofKind === kind)) {
    restore(newest.draft);
    showRestored();
  }
}

text.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_DELAY);
});
addEventListener('pagehide', save);
form.addEventListener('submit', save);

form.addEventListener('change', (event) => {
  if (event.target.name !== 'kind') return;
  const other = load(chosenKind());
  save();
  // the text moves to the other kind, unless that has a draft of its own
  if (!other) store(kind, null);
  kind = chosenKind();
  if (other) restore(other);
  else save();
});
