// Copies the text of an element: <button data-copy="its-id"> and, for what was done, <span data-copied role="status">.

for (const button of document.querySelectorAll('[data-copy]')) {
  const said = document.querySelector('[data-copied]');
  button.hidden = false;
  button.addEventListener('click', async () => {
    said.textContent = '';
    // looked for each time: the page may have drawn it anew
    const source = document.getElementById(button.dataset.copy);
    const done = (await byClipboard(source)) || bySelection(source);
    if (!done) source.closest('details')?.setAttribute('open', '');
    if (!done) getSelection().selectAllChildren(source);
    said.textContent = done ? said.dataset.copied : said.dataset.byHand;
  });
}

async function byClipboard(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // no permission, or an address without HTTPS, where there is no clipboard
    return false;
  }
}

/** The older way, which works without HTTPS: what is selected is copied. */
function bySelection(source) {
  const helper = document.createElement('textarea');
  const before = document.activeElement;
  helper.value = source.textContent;
  document.body.append(helper);
  helper.select();
  try {
    return document.execCommand('copy');
  } finally {
    helper.remove();
    before?.focus();
  }
}
