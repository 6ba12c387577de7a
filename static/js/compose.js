// The composer: where it sends to, its keys, and saved replies that go in where the cursor stands.

import { onKey } from './keys.js';

const form = document.getElementById('compose');
const text = form.elements.text;
const replies = form.getAttribute('action');

/** Sent by the keyboard, without a button, it goes where the chosen kind goes. */
function follow() {
  form.setAttribute('action', form.elements.kind.value === 'note' ? form.dataset.notes : replies);
}
form.addEventListener('change', follow);
follow();

for (const radio of form.elements.kind) {
  onKey(radio.dataset.key, () => {
    radio.click();
    text.focus();
    return true;
  });
}

const insert = form.querySelector('[data-insert]');
insert?.addEventListener('click', async (event) => {
  // a second time, the browser does it by itself
  if (insert.dataset.failed) return;
  event.preventDefault();
  const saved = form.elements.saved;
  if (!saved.value) {
    saved.focus();
    return;
  }
  try {
    put(await filled(`${insert.dataset.insert}?saved=${encodeURIComponent(saved.value)}`));
    saved.value = '';
  } catch {
    insert.dataset.failed = 'yes';
    insert.click();
  }
});

/** The reply as the page for browsers without scripts would show it. */
async function filled(address) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return page.getElementById('text').value;
}

function put(words) {
  const before = text.value.slice(0, text.selectionStart);
  const gap = before === '' || before.endsWith('\n') ? '' : '\n\n';
  text.focus();
  // unlike setRangeText, this can be undone by Ctrl+Z
  if (!document.execCommand('insertText', false, gap + words)) {
    text.setRangeText(gap + words, text.selectionStart, text.selectionEnd, 'end');
    text.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
