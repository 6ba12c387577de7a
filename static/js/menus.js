// Closes <details data-menu>, which opens over the page, on Escape, which returns the focus, and when the focus or a click
// goes elsewhere.

for (const menu of document.querySelectorAll('[data-menu]')) {
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector('summary').focus({ preventScroll: true });
  });
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    // relatedTarget is null while another window has the focus
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  document.addEventListener('click', ({ target }) => {
    if (menu.open && !menu.contains(target)) menu.open = false;
  });
}
