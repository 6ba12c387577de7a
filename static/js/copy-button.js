// Copies the text of an element: <button data-copy-from="id">, and <span data-copied role="status"> for the outcome.

for (const button of document.querySelectorAll('[data-copy-from]')) {
  const status = document.querySelector('[data-copied]');
  button.hidden = false;
  button.addEventListener('click', async () => {
    status.textContent = '';
    // looked up each time: the page may have replaced it
    const source = document.getElementById(button.dataset.copyFrom);
    const isCopied = (await copyByClipboard(source)) || copyBySelection(source);
    if (!isCopied) source.closest('details')?.setAttribute('open', '');
    if (!isCopied) getSelection().selectAllChildren(source);
    status.textContent = isCopied ? status.dataset.copied : status.dataset.copyFailed;
  });
}

async function copyByClipboard(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // no permission, or no HTTPS, without which there is no clipboard
    return false;
  }
}

/** The older way, which also works without HTTPS. */
function copyBySelection(source) {
  const textarea = document.createElement('textarea');
  const focused = document.activeElement;
  textarea.value = source.textContent;
  document.body.append(textarea);
  textarea.select();
  try {
    return document.execCommand('copy');
  } finally {
    textarea.remove();
    focused?.focus();
  }
}
