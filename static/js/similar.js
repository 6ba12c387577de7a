// Shows open tickets that a report may belong to while its numbers are typed. Without this, the form's own button does.

const PAUSE = 400;
const NAMES = ['category', 'caller', 'callee', 'account'];

for (const place of document.querySelectorAll('[data-similar]')) {
  const form = place.closest('form');
  form.querySelector('[data-look]').hidden = true;
  let pause;
  let asked;
  let asking;

  const ask = async () => {
    const values = new URLSearchParams(NAMES.map((name) => [name, form.elements[name].value.trim().slice(0, 200)]));
    if (`${values}` === asked) return;
    asked = `${values}`;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${place.dataset.similar}?${values}`, { signal: asking.signal });
      if (!answer.ok || answer.redirected) return;
      const found = await answer.text();
      // the same again would be read out again
      if (place.innerHTML.trim() !== found.trim()) place.innerHTML = found;
    } catch {
      // away or overtaken: what is typed next asks again
      asked = undefined;
    }
  };

  form.addEventListener('input', (event) => {
    if (!NAMES.includes(event.target.name)) return;
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  });
}
