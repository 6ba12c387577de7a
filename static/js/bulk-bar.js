// The bulk actions: a menu that opens takes the focus, and Enter in one of its fields presses its own button.

for (const menu of document.querySelectorAll('[data-bulk-bar] details')) {
  menu.addEventListener('toggle', () => {
    // the bar is sticky, so the page must not scroll
    if (menu.open) menu.querySelector('input:not([type=hidden]), select, textarea')?.focus({ preventScroll: true });
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing && event.target.matches('input')) {
      event.preventDefault();
      menu.querySelector('button').click();
    }
  });
}
