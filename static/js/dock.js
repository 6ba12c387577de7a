// What can be done to all tickets that are selected: one question is open at a time, and Enter in it presses its own
// button.

const questions = [...document.querySelectorAll('[data-dock] details')];

for (const one of questions) {
  one.addEventListener('toggle', () => {
    if (!one.open) return;
    for (const other of questions) if (other !== one) other.open = false;
    // it sticks to the edge, so the rows stay where they are
    one.querySelector('input:not([type=hidden]), select, textarea')?.focus({ preventScroll: true });
  });
  one.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && one.open) {
      event.stopPropagation();
      one.open = false;
      one.querySelector('summary').focus({ preventScroll: true });
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
