// The composer of a ticket: the address that it submits to, its shortcuts, and saved replies inserted at the cursor.

import { onKey } from './shortcuts.js';

const form = document.getElementById('compose');
const text = form.elements.text;
const repliesUrl = form.getAttribute('action');

/** Submitted by the keyboard, without a button, the form goes to the address of the chosen kind. */
function updateAction() {
  form.setAttribute('action', form.elements.kind.value === 'note' ? form.dataset.notesUrl : repliesUrl);
}
form.addEventListener('change', updateAction);
updateAction();

for (const radio of form.elements.kind) {
  onKey(radio.dataset.key, () => {
    radio.click();
    text.focus();
    return true;
  });
}

const insertButton = form.querySelector('[data-insert-reply]');
insertButton?.addEventListener('click', async (event) => {
  // after a failure the browser submits the form instead
  if (insertButton.dataset.failed) return;
  event.preventDefault();
  const saved = form.elements.saved;
  if (!saved.value) {
    saved.focus();
    return;
  }
  try {
    insertAtCursor(await fetchReply(`${insertButton.dataset.insertReply}?saved=${encodeURIComponent(saved.value)}`));
    saved.value = '';
  } catch {
    insertButton.dataset.failed = 'yes';
    insertButton.click();
  }
});

/** The filled-in reply, taken from the page that browsers without scripts would get. */
async function fetchReply(url) {
  const response = await fetch(url);
  if (!response.ok || response.redirected) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return page.getElementById('text').value;
}

function insertAtCursor(reply) {
  const before = text.value.slice(0, text.selectionStart);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n\n';
  text.focus();
  // unlike setRangeText, this can be undone with Ctrl+Z
  if (!document.execCommand('insertText', false, gap + reply)) {
    text.setRangeText(gap + reply, text.selectionStart, text.selectionEnd, 'end');
    text.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
