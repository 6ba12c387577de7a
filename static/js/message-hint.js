// Explains an error message while it is being typed. Without scripts the form's own button does.

const DEBOUNCE = 500;
const MAX_LENGTH = 1000;

for (const field of document.querySelectorAll('[data-message-lookup-url]')) {
  const output = document.getElementById(field.dataset.lookupResult);
  let timer;
  let lastText = '';
  let request;

  const lookUp = async () => {
    const text = field.value.trim().slice(0, MAX_LENGTH);
    if (text === lastText) return;
    lastText = text;
    request?.abort();
    if (!text) return output.replaceChildren();
    request = new AbortController();
    try {
      const response = await fetch(`${field.dataset.messageLookupUrl}?text=${encodeURIComponent(text)}`, { signal: request.signal });
      if (!response.ok) return;
      const hint = await response.text();
      // an unchanged text must not be read out again
      if (output.innerHTML !== hint) output.innerHTML = hint;
    } catch {
      // offline or superseded: the button still works
      lastText = '';
    }
  };

  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(lookUp, DEBOUNCE);
  });
  if (field.value) lookUp();
}
