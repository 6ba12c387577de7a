// What opens over the page, <details data-menu>, closes again: by Escape, which gives the focus back, and when somebody
// goes elsewhere by Tab or by a click.

for (const menu of document.querySelectorAll('[data-menu]')) {
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector('summary').focus({ preventScroll: true });
  });
  menu.addEventListener('focusout', ({ relatedTarget }) => {
    // nothing has the focus while another window has it
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
  document.addEventListener('click', ({ target }) => {
    if (menu.open && !menu.contains(target)) menu.open = false;
  });
}
