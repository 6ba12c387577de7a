// What can be done to all tickets that are selected, and how it is taken back: one question is open at a time, Enter in
// it presses its own button, and "undo" is offered for as long as it can be kept (<form data-undo="seconds">).

const questions = [...document.querySelectorAll('[data-dock] details')];

for (const one of questions) {
  one.addEventListener('toggle', () => {
    if (!one.open) return;
    for (const other of questions) if (other !== one) other.open = false;
    one.querySelector('input:not([type=hidden]), select, textarea')?.focus();
  });
  one.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && one.open) {
      event.stopPropagation();
      one.open = false;
      one.querySelector('summary').focus();
    }
    if (event.key === 'Enter' && !event.isComposing && event.target.matches('input')) {
      event.preventDefault();
      one.querySelector('button').click();
    }
  });
}
document.addEventListener('click', ({ target }) => {
  for (const one of questions) if (one.open && !one.contains(target)) one.open = false;
});

for (const undo of document.querySelectorAll('[data-undo]')) {
  setTimeout(() => undo.remove(), undo.dataset.undo * 1000);
}
