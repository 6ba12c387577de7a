// What can be done to all tickets that are selected: a question that opens has the focus, and Enter in it presses its own
// button.

for (const one of document.querySelectorAll('[data-dock] details')) {
  one.addEventListener('toggle', () => {
    // it sticks to the edge, so the rows stay where they are
    if (one.open) one.querySelector('input:not([type=hidden]), select, textarea')?.focus({ preventScroll: true });
  });
  one.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing && event.target.matches('input')) {
      event.preventDefault();
      one.querySelector('button').click();
    }
  });
}
