// Shows similar open tickets while the numbers of a report are typed. Without scripts the form's own button does.

const DEBOUNCE = 400;
const FIELDS = ['category', 'caller', 'callee', 'account'];

for (const output of document.querySelectorAll('[data-similar-url]')) {
  const form = output.closest('form');
  form.querySelector('[data-similar-button]').hidden = true;
  let timer;
  let lastQuery;
  let request;

  const lookUp = async () => {
    const query = new URLSearchParams(FIELDS.map((name) => [name, form.elements[name].value.trim().slice(0, 200)]));
    if (`${query}` === lastQuery) return;
    lastQuery = `${query}`;
    request?.abort();
    request = new AbortController();
    try {
      const response = await fetch(`${output.dataset.similarUrl}?${query}`, { signal: request.signal });
      if (!response.ok || response.redirected) return;
      const html = await response.text();
      // an unchanged list must not be read out again
      if (output.innerHTML.trim() !== html.trim()) output.innerHTML = html;
    } catch {
      // offline or superseded: the next input asks again
      lastQuery = undefined;
    }
  };

  form.addEventListener('input', (event) => {
    if (!FIELDS.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(lookUp, DEBOUNCE);
  });
}
