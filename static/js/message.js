// Says what an error message means while it is being typed. Without this, the form's own button does.

const PAUSE = 500;
const MOST = 1000;

for (const field of document.querySelectorAll('[data-message]')) {
  const place = document.getElementById(field.dataset.place);
  let pause;
  let asked = '';
  let asking;

  const ask = async () => {
    const text = field.value.trim().slice(0, MOST);
    if (text === asked) return;
    asked = text;
    asking?.abort();
    if (!text) return place.replaceChildren();
    asking = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.message}?text=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (!answer.ok) return;
      const said = await answer.text();
      // the same words again would be read out again
      if (place.innerHTML !== said) place.innerHTML = said;
    } catch {
      // away or overtaken: the button still works
      asked = '';
    }
  };

  field.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  });
  if (field.value) ask();
}
